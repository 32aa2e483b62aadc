"""Running the parts: one alone as in production (`part`), or all of them on this machine under one supervisor."""
