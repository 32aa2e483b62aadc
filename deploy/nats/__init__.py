"""The NATS configuration, as a package resource."""
