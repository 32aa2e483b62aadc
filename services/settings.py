"""Settings of the service's parts. docs/configuration.md is made from these."""

from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from events.runtime.settings import Duration, PartSettings


class DatabaseSettings(PartSettings):
    """What every part that reads the log needs."""

    database_url: str = Field(
        "", description="SQLAlchemy URL of the event store; empty: SQLite, a file `tillsyn.db` in the data folder."
    )
    master_key: str = Field(
        "", repr=False, description="Master key for personal fields, 32 bytes in base64. Or give it in a file:"
    )
    master_key_file: Path | None = Field(
        None, description="File with the master key. Neither: `keys/master.key` in the data folder."
    )
    nats_seed_file: Path | None = Field(
        None, description="File with the part's NKey seed. Not given: `keys/nats/<part>.nk` in the data folder."
    )

    @property
    def database(self) -> str:
        """The URL of the event store."""
        return self.database_url or f"sqlite:///{(self.data / 'tillsyn.db').absolute()}"


class TillsynSettings(DatabaseSettings):
    """The tillsyn service: rules, planner, sweeper, and what gateways send."""

    TABLE: ClassVar[str] = "tillsyn"

    grant_key_file: Path | None = Field(
        None, description="File with the Ed25519 key that signs looks. Not given: `keys/grant.key`, made if missing."
    )
    sweep_interval: Duration = Field(timedelta(seconds=5), description="The longest between two rounds of the sweeper.")
    plan_interval: Duration = Field(timedelta(seconds=30), description="The longest between two rounds of the planner.")
    gateway_silent_after: Duration = Field(
        timedelta(minutes=3), description="Without a heartbeat for so long, a gateway counts as silent."
    )
    instance: str = Field(
        "",
        description="Name of this process among several of its kind. The same after a restart: it goes on at once. Not "
        "given (host and process number): it waits until its former self's leases have run out.",
    )
    nats_replicas: int = Field(1, ge=1, le=5, description="Copies of each stream: 1 on one server, 3 in a cluster.")


class RelaySettings(DatabaseSettings):
    """The relay: publishes the log, in order, to the feed, and each gateway's schedule to its key."""

    TABLE: ClassVar[str] = "relay"

    relay_interval: Duration = Field(
        timedelta(milliseconds=200), description="The longest between two looks into the log."
    )
    relay_batch: int = Field(500, ge=1, le=5000, description="Events published before the server's word is awaited.")
