"""Tests of the relay: the feed equals the log and the bucket says what the log says, whatever is killed when."""
