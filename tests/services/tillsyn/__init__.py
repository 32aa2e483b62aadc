"""Tests of the running service: real SQL (both databases), real NATS, and a clock that goes when it is told to."""
