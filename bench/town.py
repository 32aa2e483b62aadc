"""A town to measure consuming in: unit, gateways, homes and recipients in the log, planned nights and their reports."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from bench.ours import OWNER, new_event, now
from events.base import Event
from events.cloudevents import encode
from events.envelope import Actor, ActorKind, Context, NewEvent
from events.personal import Personal, Sealed
from events.schedule import PlannedSlot, SlotKind
from events.store import Append, EventStore, StreamWrite
from events.transport import subjects
from events.types.check import CheckDue, PictureQuality, report_id
from events.types.home import CameraLinked, HomeRegistered, OutageAgreement, RiskClass
from events.types.night import NightPlanned
from events.types.recipient import RecipientRegistered
from events.types.unit import GatewayRegistered, NightRules, UnitRegistered
from services.tillsyn.home import stream_of as home_stream
from services.tillsyn.night import stream_of as night_stream
from services.tillsyn.recipient import stream_of as recipient_stream
from services.tillsyn.unit import stream_of as unit_stream

GATEWAYS = 16
SLOTS = 4
"""A recipient and night."""
STREAMS_AN_APPEND = 200
NOBODY: Personal[str] = Personal(Sealed(UUID(int=0), b"no name is measured here"))
QUALITY = PictureQuality(verdict="usable", mean_grey=81.5, edge_share=4.2, movement_share=0.3, infrared=True)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody, their home, and the gateway there."""

    gateway: UUID
    id: UUID = field(default_factory=uuid4)
    home: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Night:
    """One recipient's night with the slots that reports can speak of."""

    recipient: Recipient
    night: date
    slots: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """A report as a gateway publishes it."""

    id: UUID
    subject: str
    body: bytes


class Town:
    """So many recipients, behind gateways that all belong to one unit."""

    def __init__(self, recipients: int) -> None:
        gateways = [uuid4() for _ in range(GATEWAYS)]
        self.recipients = [Recipient(gateways[number % GATEWAYS]) for number in range(recipients)]
        self.gateways = gateways
        self._next_night = date(2026, 1, 1)

    async def register(self, store: EventStore) -> None:
        """Enter all that the service must know to accept a report."""
        unit = UnitRegistered(
            unit=OWNER.unit, organisation=OWNER.organisation, name="Norr", zone="Europe/Stockholm", chain=(uuid4(),)
        )
        streams: list[tuple[str, list[Event]]] = [(unit_stream(OWNER.unit), [unit])]
        for gateway in self.gateways:
            registered = GatewayRegistered(gateway=gateway, unit=OWNER.unit, public_key="U")
            streams.append((f"gateway-{gateway}", [registered]))
        for recipient in self.recipients:
            streams += _streams_of(recipient)
        await _append(store, streams)

    def next_nights(self, slots: int) -> list[Night]:
        """Nights not yet planned, with at least so many slots in all."""
        nights: list[Night] = []
        while len(nights) * SLOTS < slots:
            wanted = -(-slots // SLOTS) - len(nights)
            nights += [self._night_of(recipient) for recipient in self.recipients[:wanted]]
            self._next_night += timedelta(days=1)
        return nights

    def _night_of(self, recipient: Recipient) -> Night:
        return Night(recipient, self._next_night, tuple(uuid4() for _ in range(SLOTS)))

    async def plan(self, store: EventStore, nights: list[Night]) -> None:
        """Plan these nights in the log."""
        await _append(store, [(night_stream(one.recipient.id, one.night), [_planned(one)]) for one in nights])


def reports(nights: list[Night]) -> Iterator[Published]:
    """ "Check due" of every slot, all first slots before all second ones: as a night brings them, home by home."""
    for slot in range(SLOTS):
        for night in nights:
            yield _report(night, night.slots[slot])


def _report(night: Night, slot: UUID) -> Published:
    gateway, recipient = night.recipient.gateway, night.recipient
    due = CheckDue(
        slot=slot, recipient=recipient.id, home=recipient.home, night=night.night, attempt=1, quality=QUALITY
    )
    actor = Actor(ActorKind.GATEWAY, str(gateway), "gateway")
    context = Context(actor, OWNER, now(), correlation=slot)
    id_ = report_id(slot, CheckDue, 1)
    return Published(
        id_, subjects.report(OWNER.organisation, gateway), encode(f"gateway/{gateway}", NewEvent(id_, due, context))
    )


def _streams_of(recipient: Recipient) -> list[tuple[str, list[Event]]]:
    home = HomeRegistered(
        home=recipient.home,
        unit=OWNER.unit,
        address=NOBODY,
        risk_class=RiskClass.LOW,
        outage_agreement=OutageAgreement.VISIT,
    )
    linked = CameraLinked(home=recipient.home, camera=uuid4(), gateway=recipient.gateway, commissioned=True)
    person = RecipientRegistered(recipient=recipient.id, home=recipient.home, unit=OWNER.unit, name=NOBODY)
    return [(home_stream(recipient.home), [home, linked]), (recipient_stream(recipient.id), [person])]


def _planned(night: Night) -> NightPlanned:
    return NightPlanned(
        recipient=night.recipient.id,
        home=night.recipient.home,
        night=night.night,
        slots=tuple(_slot(slot) for slot in night.slots),
        rules=NightRules(),
    )


def _slot(slot: UUID) -> PlannedSlot:
    due, hour = now(), timedelta(hours=1)
    return PlannedSlot(
        slot=slot,
        entry=slot,
        n=0,
        kind=SlotKind.REMOTE,
        opens_at=due - hour,
        due_at=due,
        late_at=due + hour,
        deadline=due + 2 * hour,
    )


async def _append(store: EventStore, streams: list[tuple[str, list[Event]]]) -> None:
    for first in range(0, len(streams), STREAMS_AN_APPEND):
        some = streams[first : first + STREAMS_AN_APPEND]
        writes = (StreamWrite(name, 0, tuple(new_event(event, now()) for event in events)) for name, events in some)
        await store.append(Append(writes=tuple(writes)))
