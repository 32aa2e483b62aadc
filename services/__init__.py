"""The running parts: the tillsyn service, the relay, and the command line that starts them."""
