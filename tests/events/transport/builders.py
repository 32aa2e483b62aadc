"""A NATS installation for a test: users with their keys, and clients that remember what they were refused."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from nats.aio.client import Client

from events.transport.connect import connect_options
from events.transport.users import NatsUser, new_seed, public_key

ORGANISATION = UUID("0d9a5a2c-4f0e-4d7e-8a43-5b6d7f1a2c3e")
WITHIN_S = 10.0


@dataclass(frozen=True)
class Box:
    """A gateway with its key."""

    gateway: UUID = field(default_factory=uuid4)
    organisation: UUID = ORGANISATION
    seed: str = field(default_factory=new_seed)

    @property
    def user(self) -> NatsUser:
        return NatsUser.gateway(public_key(self.seed), self.organisation, self.gateway)


@dataclass(frozen=True)
class Keys:
    """The keys of one installation: the service's, the relay's and two gateways'."""

    service: str = field(default_factory=new_seed)
    relay: str = field(default_factory=new_seed)
    box: Box = field(default_factory=Box)
    other: Box = field(default_factory=Box)

    @property
    def users(self) -> list[NatsUser]:
        return [
            NatsUser.service(public_key(self.service)),
            NatsUser.relay(public_key(self.relay)),
            self.box.user,
            self.other.user,
        ]


class Speaker:
    """A connected client, and the queue of errors that the server told it of."""

    def __init__(self, client: Client, refusals: "asyncio.Queue[str]") -> None:
        self.client = client
        self.js = client.jetstream(timeout=WITHIN_S)
        self._refusals = refusals

    @classmethod
    async def connect(cls, url: str, seed: str, **options: Any) -> "Speaker":
        refusals: asyncio.Queue[str] = asyncio.Queue()

        async def remember(error: Exception) -> None:
            refusals.put_nowait(str(error))

        client = Client()
        await client.connect(**connect_options(url, seed, "test") | {"error_cb": remember} | options)
        return cls(client, refusals)

    async def refusal(self) -> str:
        """The next thing that the server refused; TimeoutError when it refused nothing."""
        async with asyncio.timeout(WITHIN_S):
            return await self._refusals.get()

    def refused_nothing(self) -> bool:
        return self._refusals.empty()
