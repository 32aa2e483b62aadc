"""The relay: the log's events, in order, to NATS; and each gateway's schedule to the key it reads."""
