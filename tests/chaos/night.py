"""A short night with real parts: each a process of its own, begun by the command that production begins it with."""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from nats.js import JetStreamContext

from events.envelope import Recorded
from events.looks.picture import SealedPicture, ViewerKey
from events.personal import Personal
from events.runtime.clock import WallClock
from events.store import migrate, queries
from events.transport import subjects
from events.transport.connect import connect
from events.transport.server import EmbeddedNats, embedded_nats
from services.opening import opened_ledger
from services.registering.description import Description, parse_description
from services.registering.entering import enter
from services.registering.gateways import gateway_file, write_gateways
from services.secrets import code_key, grant_signer, nats_keys
from services.settings import TillsynSettings
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import Care, Installing, NightStaff, Patrol
from services.tillsyn.desk.care import INSTALLER
from services.tillsyn.desk.installing import Read
from services.tillsyn.ledger import Ledger
from services.tillsyn.looking import NatsLooking
from services.up.preparing import gateway_files, nats_users, seed_files
from services.up.process import PartProcess
from tests.chaos import people
from tests.chaos.homes import CARS, FIRST_IN, GATEWAY, NURSES, UNIT, camera_files, homes_file, slots_due
from tests.chaos.homes import INSTALLER as FITTER

WITHIN_S = 60.0
"""How long anything may take on a busy machine; what is waited for comes in a fraction of it."""
POLL_S = 0.05
BRISK = {
    "TILLSYN_SWEEP_INTERVAL": "PT0.3S",
    "TILLSYN_PLAN_INTERVAL": "PT0.3S",
    "TILLSYN_INSTANCE": "the one",
    "TILLSYN_HEARTBEAT_S": "1",
    "TILLSYN_SCHEDULE_CHECK_S": "1",
    "TILLSYN_RESEND_MOST_S": "0.5",
    "TILLSYN_FRAMES_JUDGED": "1",
}


@dataclass
class Night:
    """Everything that runs, and what a test does to it."""

    settings: TillsynSettings
    ledger: Ledger
    js: JetStreamContext
    server: EmbeddedNats
    parts: dict[str, PartProcess]
    films: list[Path]
    begins: datetime = field(default_factory=lambda: datetime.now(UTC))

    async def enter_homes(self) -> None:
        """Enter the homes: the first slot is due in some seconds."""
        self.begins = (datetime.now(UTC) + FIRST_IN).replace(microsecond=0)
        await enter(_described(self.begins, self.films), self.settings, self.ledger)

    @property
    def due(self) -> list[datetime]:
        """When its slots are due, in order."""
        return sorted(slots_due(self.begins))

    async def kill(self, part: str) -> None:
        """SIGKILL."""
        process = self.parts[part]
        assert process.pid is not None, f"{part} ended by itself; {self.said(part)}"
        os.kill(process.pid, signal.SIGKILL)
        assert await process.wait() == -signal.SIGKILL

    async def restart(self, part: str) -> None:
        """Begin it again, as its supervisor would."""
        await self.parts[part].start()

    async def slots(self) -> list[queries.SlotRow]:
        """The slots of this night. (Tomorrow's are planned too.)"""
        rows = await self.ledger.store.query(queries.all_slots)
        return [row for row in rows if row.due_at <= self.due[-1]]

    async def log(self) -> list[Recorded]:
        """The whole log, in order."""
        events: list[Recorded] = []
        checkpoint = None
        while (page := await self.ledger.store.read_all(checkpoint, 1000)).events:
            events += page.events
            checkpoint = page.checkpoint
        return events

    async def ready(self) -> bool:
        """Whether every part says that it is."""
        return all([await part.health() == "ready" for part in self.parts.values()])

    async def half_done(self) -> bool:
        """Whether somebody has a picture before them and has not answered yet, in the middle of the night."""
        slots = await self.slots()
        ended = sum(slot.status != "open" for slot in slots)
        return ended >= 2 and any(slot.lease_by is not None and slot.status == "open" for slot in slots)

    async def waiting(self) -> int:
        """Messages of gateways that the service has not dealt with."""
        found = 0
        for partition in range(subjects.PARTITIONS):
            info = await self.js.consumer_info(subjects.INBOUND_STREAM, subjects.inbound_consumer(partition))
            found += (info.num_pending or 0) + (info.num_ack_pending or 0)
        return found

    async def fed(self) -> int:
        """How many events the feed holds."""
        return (await self.js.stream_info(subjects.FEED_STREAM)).state.messages

    async def is_over(self) -> None:
        """Wait until every slot and visit has ended, and every part has said all that it has to say."""

        async def over() -> bool:
            visits = await self.ledger.store.query(queries.all_visits)
            slots = await self.slots()
            return (
                len(slots) == len(self.due)
                and all(slot.status != "open" for slot in slots)
                and all(visit.ended_at is not None for visit in visits)
                and await self.ready()
                and not await self.waiting()
                and await self.fed() == len(await self.log())
            )

        await self.until(over, "the night is over")

    async def until(self, condition: Callable[[], Awaitable[bool]], what: str) -> None:
        """Wait for a condition."""
        limit = time.monotonic() + WITHIN_S
        while not await condition():
            if time.monotonic() > limit:
                told = "\n".join(f"{name}: {self.said(name)}" for name in self.parts)
                raise AssertionError(f"{what}: not within {WITHIN_S:.0f} s\n{told}")
            await asyncio.sleep(POLL_S)

    def said(self, part: str) -> str:
        """The end of its log."""
        return (self.settings.data / f"{part}.log").read_text()[-3000:]

    def lines(self, part: str) -> list[dict[str, Any]]:
        """Its log lines, whole ones."""
        text = (self.settings.data / f"{part}.log").read_text()
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("}\n")]


@asynccontextmanager
async def a_night(folder: Path, films: Path, database_url: str = "") -> AsyncIterator[Night]:
    """All parts ready, staff at work, nobody registered yet."""
    async with AsyncExitStack() as running:
        settings = TillsynSettings.load(data=folder, database_url=database_url)
        drawn = await asyncio.to_thread(camera_files, films)
        await asyncio.to_thread(migrate, settings.database)
        ledger = await running.enter_async_context(opened_ledger(settings, WallClock()))
        await _enter_all_but_homes(settings, ledger, drawn)
        users = nats_users(settings, gateway_files(folder))
        server = await running.enter_async_context(embedded_nats(folder / "nats", users))
        parts = {name: _process(name, settings, server.url) for name in ("tillsyn", "relay", "gateway")}
        for part in parts.values():
            running.push_async_callback(part.stop)
            await part.start()
        nats = await connect(server.url, (nats_keys(folder) / "tillsyn.nk").read_text().strip(), "test")
        running.push_async_callback(nats.close)
        night = Night(settings, ledger, nats.jetstream(), server, parts, drawn)
        await night.until(night.ready, "all parts are ready")
        looking = NatsLooking(nats, grant_signer(settings), ledger.clock.now)
        await install_cameras(night, Installing(ledger, looking, code_key(settings)))
        desk = NightStaff(ledger, looking)
        patrol = Patrol(ledger)
        staff = [people.nurse(id_, UNIT, desk) for id_ in NURSES]
        at_work = people.begin([*staff, *(people.car(id_, UNIT, patrol) for id_ in CARS)])
        running.push_async_callback(_stop, at_work)
        yield night


async def install_cameras(night: Night, installing: Installing) -> None:
    """Enter the homes with the yes of those who live there, and test each camera through the gateway."""
    care = Care(night.ledger, INSTALLER)
    for home in _described(datetime.now(UTC), night.films).homes:
        assert home.camera is not None
        address = Personal.of(home.address, home.id)
        registered = homes.Register(home.id, UNIT, address, home.risk_class, home.outage_agreement)
        await care.home(home.id, UNIT, registered)
        await care.home(home.id, UNIT, homes.LinkCamera(home.camera.id, home.camera.gateway))
        for person in home.recipients:
            assert person.consent is not None
            said = person.consent
            yes = recipients.GiveConsent(said.id, said.scope, said.given_how, said.taken_by, said.given_at)
            name = Personal.of(person.name, person.id)
            await care.recipient(person.id, UNIT, recipients.Register(person.id, home.id, UNIT, name))
            await care.recipient(person.id, UNIT, yes)
        shown = await installing.begin(home.id, home.camera.id, FITTER, recipient_present=True)

        async def seen(home_id: UUID = home.id) -> bool:
            """The gateway opens once it has heard of the test."""
            return isinstance(await installing.look(home_id, NURSES[0], ViewerKey().public()), SealedPicture)

        await night.until(seen, "the camera in test is opened")
        assert await installing.confirm(home.id, NURSES[0], shown.code, recipient_present=True) is Read.COMMISSIONED


def _described(begins: datetime, films: list[Path]) -> Description:
    return parse_description(homes_file(begins, films), "homes.toml")


async def _enter_all_but_homes(settings: TillsynSettings, ledger: Ledger, films: list[Path]) -> None:
    """Unit, staff and gateway, and the gateway's file: the cameras in it do not depend on the times."""
    described = _described(datetime.now(UTC), films)
    await enter(described.model_copy(update={"homes": ()}), settings, ledger)
    write_gateways(described, settings)


def _process(name: str, settings: TillsynSettings, nats_url: str) -> PartProcess:
    given = {"TILLSYN_DATA": str(settings.data), "TILLSYN_NATS_URL": nats_url}
    arguments: tuple[str, ...] = (name,)
    if name == "gateway":
        arguments = (name, "--config", str(gateway_file(settings.data, GATEWAY)))
    else:
        given["TILLSYN_DATABASE_URL"] = settings.database
        given["TILLSYN_NATS_SEED_FILE"] = str(seed_files(settings)[name])
    ours = {variable: value for variable, value in os.environ.items() if not variable.startswith("TILLSYN_")}
    return PartProcess(arguments, ours | BRISK | given, settings.data / f"{name}.log", ())


async def _stop(tasks: list["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
