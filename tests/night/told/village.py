"""A village for told nights: homes, cars and night staff of one unit, all of it real, in one process.

NATS, database, service, relay and gateways are those of production; bedrooms are drawn and encoded as video, which the
gateways open. Only people are played: a story lets time pass (`until`) and says what somebody does. Time stands still
while they do it, so that a story reads as it happens, and its timeline is the same every time.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from camera_gateway.app import Gateway
from camera_gateway.scenes import Scene, SceneKind, render
from camera_gateway.settings import GatewaySettings
from events.envelope import Actor, ActorKind
from events.looks.messages import NoPicture
from events.looks.picture import ViewerKey
from events.personal import Personal
from events.runtime.ids import seeded_randomness
from events.runtime.stepped_clock import SteppedClock
from events.schedule import ScheduleEntry, SlotKind
from events.store import migrate, queries
from events.transport.server import embedded_nats
from events.transport.users import NatsUser, keep_seed, public_key
from events.types.recipient import ConsentForm
from events.types.unit import GatewayRegistered, NightRules, StaffRegistered, UnitRegistered
from services.opening import opened_ledger
from services.relay.app import Relay, relay
from services.secrets import grant_signer, nats_keys
from services.settings import RelaySettings, TillsynSettings
from services.telling import Language
from services.telling.night import story_of
from services.tillsyn import home as homes
from services.tillsyn import patrol as patrols
from services.tillsyn import recipient as recipients
from services.tillsyn.app import TillsynService, tillsyn_service
from services.tillsyn.desk import Care, Dispatch
from services.tillsyn.desk.care import INSTALLER
from services.tillsyn.invariants import RULES, Breach, read_world
from services.tillsyn.ledger import Ledger
from tests.builders import an_id
from tests.night.told.dwellings import NIGHT, ZONE, Dwelling, at
from tests.night.told.wire import Wire, a_wire
from tests.waiting import until

RARELY = timedelta(minutes=15)
"""What happens at its own time happens then; this is for what would be asked anyway."""
BEAT_S = 60.0
BEGINS = "20:00"
ORGANISATION, UNIT = an_id("kommunen"), an_id("natt norr")
ASSESSOR = Actor(ActorKind.STAFF, str(an_id("Handläggaren")), "assessor")
ON_CALL = Actor(ActorKind.STAFF, str(an_id("Chefen")), "manager")
STAFF = {
    "Anna": ("night-staff",),
    "Bertil": ("night-staff",),
    "Cecilia": ("patrol",),
    "David": ("patrol",),
    "Eva": ("patrol",),
    "Chefen": ("patrol", "manager", "night-staff"),
    "Handläggaren": ("assessor",),
    "Installatören": ("installer",),
}
"""Who works in the village tonight. Chefen is on call, the last in the chain."""
CARS = {"Bil 1": ("norr", ("Cecilia", "David")), "Bil 2": ("söder", ("Eva",))}
"""Each car with its area and its crew."""


@dataclass
class Village:
    """The village while its night is told."""

    clock: SteppedClock
    ledger: Ledger
    service: TillsynService
    care: Care
    dispatch: Dispatch
    dwellings: tuple[Dwelling, ...]
    films: Path
    cameras: Path
    start_gateway: Callable[[str], Awaitable[Gateway]]
    wires: dict[str, Wire]
    night: date = NIGHT
    gateways: dict[str, Gateway] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)
    """Who is not of the village, and does something in it."""

    async def until(self, clock: str, days: int = 0, *, again: bool = False) -> None:
        """Let time pass; `again` until the second of two times that the clock shows the same."""
        await self.clock.run(at(clock, days, self.night, again=again))

    @staticmethod
    def wall(instant: datetime) -> str:
        """What the clock on the wall shows then."""
        return f"{instant.astimezone(ZONE):%H:%M}"

    # The technology.

    def camera_shows(self, home: str, kind: SceneKind) -> None:
        """Put a scene before the home's camera."""
        number = [dwelling.name for dwelling in self.dwellings].index(home)
        film = render(Scene(kind=kind, seed=number % 2), self.films)
        link = self.cameras / f"{an_id(f'camera {home}')}.mp4"
        hidden = link.with_suffix(".next")
        hidden.unlink(missing_ok=True)
        hidden.symlink_to(film)
        hidden.replace(link)

    async def power_fails(self, gateway: str) -> None:
        """The gateway goes dark, with everything behind it."""
        gone = self.gateways.pop(gateway)
        self.clock.remove_probe(gone.at_rest)
        await gone.stop()

    async def power_returns(self, gateway: str) -> None:
        """The gateway is back."""
        self.gateways[gateway] = await self.start_gateway(gateway)

    async def line_fails(self, gateway: str) -> None:
        """The gateway goes on, and reaches nobody."""
        alone = self.gateways[gateway]
        self.clock.remove_probe(alone.at_rest)
        self.clock.add_probe(_idle(alone))
        await self.wires[gateway].cut()

    async def line_returns(self, gateway: str) -> None:
        """What the gateway has to tell is told before time goes on."""
        await self.wires[gateway].mend()
        self.clock.add_probe(self.gateways[gateway].at_rest)

    # Night staff.

    async def slot_of(self, person: str) -> queries.SlotRow:
        """The person's slot that is open now and whose window has opened; the latest where there are several."""
        now = self.clock.now()
        rows = await self.ledger.store.query(queries.slots_of_night, self.night)
        mine = [row for row in rows if row.recipient == an_id(person) and row.opens_at <= now]
        open_ = [row for row in mine if row.status == "open"]
        found = open_ or mine
        assert found, f"{person} has no slot at {now}"
        return found[-1]

    async def looks(self, who: str, *people: str) -> bool:
        """Claim and look, once for all of them; whether there was a picture."""
        slots = [(await self.slot_of(person)).id for person in people]
        for slot in slots:
            await self.service.night_staff.claim(slot, an_id(who))
        key = ViewerKey()
        reply = await self.service.night_staff.look(slots[0], an_id(who), key.public(), slots[1:])
        if isinstance(reply, NoPicture):
            return False
        assert key.open(reply).startswith(b"\xff\xd8")  # a JPEG, and this key opens it
        return True

    async def says(self, who: str, answer: str, person: str, *words: str) -> None:
        """`all_well`, `not_seen`, `uncertain`, `concern`, `undo`, `release`, `reopen`: the desk's own words."""
        slot = await self.slot_of(person)
        await getattr(self.service.night_staff, answer)(slot.id, an_id(who), *words)

    async def sees_all_well(self, who: str, *people: str) -> None:
        """An ordinary look."""
        assert await self.looks(who, *people)
        for person in people:
            await self.says(who, "all_well", person)

    # The road.

    async def visit_of(self, person: str) -> queries.VisitRow:
        """The person's visit that is not over, the latest requested."""
        rows = await self.ledger.store.query(queries.visits_of_night, self.night)
        mine = [row for row in rows if row.recipient == an_id(person)]
        going = [row for row in mine if row.ended_at is None]
        assert mine, f"nobody was ever sent to {person}"
        return (going or mine)[-1]

    async def road(self, who: str, action: str, person: str, *words: Any, **figures: Any) -> None:
        """`acknowledge`, `arrive`, `decline`, `complete` …: what somebody in a car, or the manager, says of a visit."""
        visit = await self.visit_of(person)
        await getattr(self.service.patrol, action)(visit.id, an_id(who), *words, **figures)

    # What is told, and what must hold.

    async def story(self, since: str, until: str, language: Language = Language.SV) -> list[str]:
        """The night's lines between two times, as `tillsyn night` tells them, with names."""
        names, store = self._names(), self.ledger.store
        lines = await story_of(store, self.night, UNIT, str(ZONE), language, lambda id_: names.get(id_, str(id_)[:8]))
        return [str(line) for line in lines if at(since, 0, self.night) <= line.at < at(until, 0, self.night)]

    def _names(self) -> dict[UUID, str]:
        people = [
            *STAFF,
            *self.strangers,
            *CARS,
            *(person for dwelling in self.dwellings for person in dwelling.people),
        ]
        named = {an_id(name): name for name in people}
        return named | {dwelling.id: dwelling.name for dwelling in self.dwellings}

    async def breaches(self) -> list[Breach]:
        """What breaks the invariants now."""
        world = await read_world(self.ledger.store, self.clock.now())
        return [breach for rule in RULES for breach in rule.check(world)]


@asynccontextmanager
async def a_village(
    folder: Path,
    films: Path,
    *dwellings: Dwelling,
    begins: str = BEGINS,
    at_work: tuple[str, ...] = ("Anna", "Bertil"),
    rules: NightRules | None = None,
    database_url: str = "",
    night: date = NIGHT,
) -> AsyncIterator[Village]:
    """The village with everybody registered, every camera tested and tonight planned, at `begins`; who is signed in."""
    clock = SteppedClock(at(begins, 0, night))
    names = list(dict.fromkeys(dwelling.gateway for dwelling in dwellings))
    seeds = {name: keep_seed(nats_keys(folder), f"gateway-{an_id(f'gateway {name}')}") for name in names}
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(embedded_nats(folder / "nats", _users(folder, seeds)))
        wires = {name: await stack.enter_async_context(a_wire(server.port)) for name in names}
        common: dict[str, Any] = {"data": folder, "nats_url": server.url, "database_url": database_url}
        settings = TillsynSettings.load(**common, sweep_interval=RARELY, plan_interval=RARELY)
        await asyncio.to_thread(migrate, settings.database)
        ledger = await stack.enter_async_context(opened_ledger(settings, clock, seeded_randomness("a told night")))
        care, dispatch = Care(ledger, ASSESSOR), Dispatch(ledger, ON_CALL)
        service = await stack.enter_async_context(tillsyn_service(settings, ledger))
        relaying = await stack.enter_async_context(relay(RelaySettings.load(**common, relay_interval=RARELY), ledger))
        grant_signer(settings)

        async def start(name: str) -> Gateway:
            gateway = Gateway(_gateway_settings(folder, name, wires[name].url, dwellings), clock)
            await gateway.start()
            clock.add_probe(gateway.at_rest)
            return gateway

        cameras = folder / "cameras"
        village = Village(clock, ledger, service, care, dispatch, dwellings, films, cameras, start, wires, night)
        village.cameras.mkdir()
        for dwelling in dwellings:
            village.camera_shows(dwelling.name, SceneKind.SLEEPER)
        await _register_homes(village, {name: public_key(seed) for name, seed in seeds.items()}, rules)
        stack.push_async_callback(_stop, village)
        for name in names:
            await village.power_returns(name)
        await _register_recipients(village)
        await _commission(village, relaying)
        await service.planner.plan_all()
        for name in at_work:
            await service.staffing.sign_in(UNIT, STAFF[name][0], an_id(name))
        clock.add_probe(service.at_rest)
        clock.add_probe(relaying.at_rest)
        running = [asyncio.create_task(service.run()), asyncio.create_task(relaying.run())]
        stack.push_async_callback(_cancelled, running)
        yield village
        assert not any(task.done() for task in running), "a part of the system ended"


def _idle(gateway: Gateway) -> Callable[[], Awaitable[bool]]:
    async def idle() -> bool:
        return gateway.idle()

    return idle


def _users(folder: Path, seeds: dict[str, str]) -> list[NatsUser]:
    keys = nats_keys(folder)
    gateways = [
        NatsUser.gateway(public_key(seed), ORGANISATION, an_id(f"gateway {name}")) for name, seed in seeds.items()
    ]
    service = NatsUser.service(public_key(keep_seed(keys, "tillsyn")))
    return [service, NatsUser.relay(public_key(keep_seed(keys, "relay"))), *gateways]


def _gateway_settings(folder: Path, name: str, url: str, dwellings: tuple[Dwelling, ...]) -> GatewaySettings:
    gateway = an_id(f"gateway {name}")
    behind = [dwelling for dwelling in dwellings if dwelling.gateway == name]
    return GatewaySettings.load(
        data=folder,
        nats_url=url,
        gateway=gateway,
        organisation=ORGANISATION,
        unit=UNIT,
        nats_seed_file=nats_keys(folder) / f"gateway-{gateway}.nk",
        grant_key_file=folder / "keys" / "grant.pub",
        cameras={
            camera: SecretStr(str(folder / "cameras" / f"{one.camera}.mp4"))
            for one in behind
            for camera in (one.camera, one.spare)
        },
        heartbeat_s=BEAT_S,
        schedule_check_s=RARELY.total_seconds(),
    )


async def _register_homes(village: Village, keys: dict[str, str], rules: NightRules | None) -> None:
    care = Care(village.ledger, INSTALLER)
    chain = (an_id("Chefen"),)
    unit = UnitRegistered(
        unit=UNIT,
        organisation=ORGANISATION,
        name="Natt",
        zone=str(ZONE),
        chain=chain,
        rules=rules or NightRules(),
    )
    await care.register_unit(unit)
    for name, roles in STAFF.items():
        id_ = an_id(name)
        await care.register_staff(StaffRegistered(staff=id_, unit=UNIT, roles=roles, name=Personal.of(name, id_)))
    for place, (car, (area, crew)) in enumerate(CARS.items()):
        await village.dispatch.register(patrols.Register(an_id(car), UNIT, car, (area,), place))
        await village.dispatch.crew(an_id(car), tuple(an_id(name) for name in crew))
    for name, key in keys.items():
        await care.register_gateway(GatewayRegistered(gateway=an_id(f"gateway {name}"), unit=UNIT, public_key=key))
    for dwelling in village.dwellings:
        address = Personal.of(f"{dwelling.name} 1", dwelling.id)
        register = homes.Register(dwelling.id, UNIT, address, dwelling.risk, dwelling.agreed)
        await care.home(dwelling.id, UNIT, register)
        await care.home(dwelling.id, UNIT, homes.Place(dwelling.area))
        await care.home(dwelling.id, UNIT, homes.LinkCamera(dwelling.camera, an_id(f"gateway {dwelling.gateway}")))


async def _commission(village: Village, relaying: Relay) -> None:
    """The test of each camera of people who have said yes, while the clock stands still.

    Of the relay only the schedules run: the night is to come.
    """
    installing, reader, installer = village.service.installing, an_id("Anna"), an_id("Installatören")
    shown = [
        (one, await installing.begin(one.id, one.camera, installer, recipient_present=True))
        for one in village.dwellings
        if one.people and one.consent
    ]
    schedules = asyncio.create_task(relaying.schedules.run())
    try:
        await until(lambda: _heard(village, relaying), 60)
        for one, code in shown:
            assert not isinstance(await installing.look(one.id, reader, ViewerKey().public()), NoPicture)
            await installing.confirm(one.id, reader, code.code, recipient_present=True)
    finally:
        await _cancelled([schedules])


async def _heard(village: Village, relaying: Relay) -> bool:
    """Whether all gateways know all that the log says."""
    at_rest = [await gateway.at_rest() for gateway in village.gateways.values()]
    return await relaying.schedules.at_rest() and all(at_rest)


async def _register_recipients(village: Village) -> None:
    now = village.clock.now()
    for dwelling in village.dwellings:
        for name, times in dwelling.people.items():
            id_ = an_id(name)
            entries = tuple(_entry(name, clock, clock in dwelling.by_visit) for clock in times)
            agreed: list[recipients.Command] = [
                recipients.Register(id_, dwelling.id, UNIT, Personal.of(name, id_)),
                recipients.GrantDecision(
                    an_id(f"decision of {name}"), village.night, dwelling.decided_until, max(len(times), 1), now
                ),
            ]
            if dwelling.consent:
                scope, form = dwelling.covers, ConsentForm.WRITTEN
                agreed.append(recipients.GiveConsent(an_id(f"consent of {name}"), scope, form, an_id("Handläggaren")))
            agreed.append(recipients.SetSchedule(village.night, entries, now))
            for command in agreed:
                await village.care.recipient(id_, UNIT, command)


def _entry(name: str, clock: str, by_visit: bool) -> ScheduleEntry:
    kind = SlotKind.VISIT if by_visit else SlotKind.REMOTE
    return ScheduleEntry(id=an_id(f"{name} at {clock}"), time=time.fromisoformat(clock), kind=kind)


async def _stop(village: Village) -> None:
    for gateway in village.gateways.values():
        await gateway.stop()


async def _cancelled(tasks: list["asyncio.Task[Any]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
