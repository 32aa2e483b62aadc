"""Whole nights, end to end, in one process: real NATS, database, gateways and video; time that jumps."""
