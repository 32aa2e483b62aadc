"""The watchdog: a small program outside the service and its database that calls out when nobody sweeps the night.

It runs best on another machine. It asks each instance of the service for its proof of life over HTTP and judges it by
age, by pure rules (`decide`), and it calls people over every way it was given (`callers`). It imports nothing of the
service or the store: what breaks those must not break it.
"""
