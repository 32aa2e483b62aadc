"""Tests against real NATS servers, each private to its test and on a free port."""
