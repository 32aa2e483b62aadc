"""The documents that are made from the registry: the catalogue of events, and the contract for integrators.

``python -m events.catalogue`` writes ``docs/events.md`` and ``docs/asyncapi.json``; with ``--check`` it only says which
of them is stale.
"""

from events.catalogue.asyncapi import asyncapi
from events.catalogue.generated import write_or_check
from events.catalogue.page import page

__all__ = ["asyncapi", "page", "write_or_check"]
