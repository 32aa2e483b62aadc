"""A house with NATS, as the tests of the service have it."""

from tests.services.tillsyn.conftest import (
    another,
    clock,
    house,
    house_on,
    plant,
    postgres,
    postgres_database,
    postgres_template,
    postgres_url,
    quiet,
    sqlite_template,
    sqlite_url,
    url,
)

__all__ = [
    "another",
    "clock",
    "house",
    "house_on",
    "plant",
    "postgres",
    "postgres_database",
    "postgres_template",
    "postgres_url",
    "quiet",
    "sqlite_template",
    "sqlite_url",
    "url",
]
