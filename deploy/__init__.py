"""How the parts are run: the configuration of NATS and PostgreSQL, containers, and units for one machine.

Shipped with the program, because the embedded server and the tests run on the very same NATS configuration.
"""
