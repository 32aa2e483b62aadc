"""NATS: subjects, the streams and their making, connecting with a key, dead letters, and an embedded server."""
