"""The state of one visit, folded from its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from events.base import Event
from events.types import visit as happened
from events.types.unit import DEFAULT_RULES, NightRules
from events.types.visit import Found, Help, PhoneOutcome, VisitKind, VisitLimit


class Stage(StrEnum):
    """How far a visit has come. COMPLETED and CLOSED are its ends; NOT_ASKED is also one that an incident holds."""

    NOT_ASKED = "not-asked"
    ASSIGNED = "assigned"
    ACKNOWLEDGED = "acknowledged"
    ARRIVED = "arrived"
    COMPLETED = "completed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Second:
    """Who goes along where one is not enough: asked, or `joined`. `act_at` is their own limit, None once there."""

    responder: UUID
    joined: bool
    act_at: datetime | None


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit as it stands. `act_at` is the limit that runs now: when it passes, the next in line is asked."""

    visit: UUID | None = None
    kind: VisitKind = VisitKind.SENT
    recipient: UUID | None = None
    home: UUID | None = None
    night: date | None = None
    slot: UUID | None = None
    not_before: datetime | None = None
    chain: tuple[UUID, ...] = ()
    rules: NightRules = DEFAULT_RULES
    people_needed: int = 1
    stage: Stage = Stage.NOT_ASKED
    responder: UUID | None = None
    step: int = 0
    act_at: datetime | None = None
    second: Second | None = None
    called_off: bool = False
    told_death: bool = False
    """It was made, and whoever was there says that the recipient is dead."""
    met_by: UUID | None = None
    """Who met the recipient on another visit, and so ended this one; they tell there what it took."""
    held_by: UUID | None = None
    """The incident whose person decides whether anybody is asked."""
    phoned: PhoneOutcome | None = None
    help: frozenset[Help] = frozenset()
    loudness: int = 0
    times_asked: int = 0
    asked: frozenset[UUID] = frozenset()
    """Who has been asked in this round, or has taken it unasked."""
    declined: frozenset[UUID] = frozenset()
    """Who said no since they were asked last."""
    there: frozenset[UUID] = frozenset()
    """Who has arrived and not left since, that anybody knows of."""
    crews: Mapping[UUID, int] = field(default_factory=dict)
    """Who has taken it and has not handed it back, with how many they are."""
    spoke_for: Mapping[UUID, UUID] = field(default_factory=dict)
    """The people who said that a car takes it, is there or goes along, and which."""
    took: frozenset[UUID] = frozenset()
    """Everybody who ever took it: they may have driven."""
    driven: frozenset[UUID] = frozenset()
    """Who of them has told of kilometres driven in vain."""
    met_nobody: Mapping[UUID, Found] = field(default_factory=dict)
    """Who met nobody, and what they found; until they go there again."""

    @property
    def over(self) -> bool:
        """Whether nothing more is expected of anybody."""
        return self.stage in (Stage.COMPLETED, Stage.CLOSED)

    @property
    def taken(self) -> bool:
        """Whether somebody is on the way or there."""
        return self.stage in (Stage.ACKNOWLEDGED, Stage.ARRIVED)

    @property
    def people(self) -> int:
        """How many are on the way or there."""
        return sum(self.crews.values())

    @property
    def short_of_people(self) -> bool:
        """Whether somebody goes who is not enough, and nobody is asked to go along."""
        return self.taken and self.second is None and self.people < self.people_needed


EMPTY = Visit()


def stream_of(visit: UUID) -> str:
    """The stream of one visit."""
    return f"visit-{visit}"


def evolve(visit: Visit, event: Event) -> Visit:
    """The visit after `event`. Events of other streams change nothing."""
    match event:
        case happened.VisitRequested():
            return Visit(
                visit=event.visit,
                kind=event.kind,
                recipient=event.recipient,
                home=event.home,
                night=event.night,
                slot=event.slot,
                not_before=event.not_before,
                chain=event.chain,
                rules=event.rules,
                people_needed=event.people,
                took=visit.took,
                driven=visit.driven,
            )
        case happened.VisitAssigned():
            return _asked(visit, event)
        case happened.VisitAcknowledged(responder=responder, arrive_by=limit, people=people, by=by):
            taken = _with_crew(visit, responder, people, by)
            return replace(taken, stage=Stage.ACKNOWLEDGED, responder=responder, act_at=limit, held_by=None)
        case happened.VisitArrived(responder=responder, people=people, second=True, by=by):
            there = visit.there | {responder}
            return replace(_with_crew(visit, responder, people, by), second=Second(responder, True, None), there=there)
        case happened.VisitArrived(responder=responder, complete_by=limit, people=people, by=by):
            arrived = replace(_with_crew(visit, responder, people, by), there=visit.there | {responder})
            return replace(arrived, stage=Stage.ARRIVED, responder=responder, act_at=limit, held_by=None)
        case happened.VisitJoined(responder=responder, arrive_by=limit, people=people, by=by):
            return replace(_with_crew(visit, responder, people, by), second=Second(responder, True, limit))
        case happened.VisitHastened():
            return replace(visit, kind=VisitKind.SENT, asked=frozenset())
        case happened.VisitNeedsTwo():
            # whoever goes along is asked for anew, the nearest first: no to the visit was no to another question
            asked = frozenset(visit.crews) if visit.taken else visit.asked
            return replace(visit, people_needed=max(visit.people_needed, 2), asked=asked)
        case _:
            return _evolve_trouble(visit, event)


def _evolve_trouble(visit: Visit, event: Event) -> Visit:
    match event:
        case happened.VisitDeclined(responder=responder, second=second):
            left = replace(_without_crew(visit, responder), declined=visit.declined | {responder})
            return replace(left, second=None) if second else left
        case happened.VisitLimitPassed(responder=responder, second=True):
            return replace(_without_crew(visit, responder), second=None)
        case happened.VisitLimitPassed(responder=responder, limit=VisitLimit.ARRIVE):
            return _without_crew(visit, responder)
        case happened.VisitFoundNobody(responder=responder, found=found):
            return replace(_without_crew(visit, responder), met_nobody={**visit.met_nobody, responder: found})
        case happened.VisitHeld(incident=incident):
            stands = replace(visit, stage=Stage.NOT_ASKED, responder=None, act_at=None, second=None)
            return replace(stands, held_by=incident)
        case happened.VisitReleased():
            return replace(visit, held_by=None, asked=frozenset())
        case happened.VisitPhoned(outcome=outcome):
            return replace(visit, phoned=outcome)
        case happened.VisitHelpCalled(whom=whom):
            return replace(visit, help=visit.help | {whom})
        case happened.VisitMoved(home=home):
            return replace(visit, home=home, there=frozenset())
        case happened.VisitDriven(responder=responder):
            return replace(visit, driven=visit.driven | {responder})
        case happened.VisitMadeWith(responder=responder):
            done = replace(visit, stage=Stage.COMPLETED, act_at=None, second=None, held_by=None)
            return replace(done, met_by=responder)
        case happened.VisitCompleted(found=found):
            done = replace(visit, stage=Stage.COMPLETED, act_at=None, second=None, held_by=None)
            return replace(done, told_death=found is Found.FOUND_DEAD)
        case happened.VisitClosed() | happened.VisitCalledOff():
            off = isinstance(event, happened.VisitCalledOff)
            return replace(visit, stage=Stage.CLOSED, act_at=None, second=None, held_by=None, called_off=off)
        case _:
            return visit


def _asked(visit: Visit, event: happened.VisitAssigned) -> Visit:
    asked = replace(
        visit,
        loudness=event.loudness,
        times_asked=visit.times_asked + 1,
        asked=visit.asked | {event.responder},
        declined=visit.declined - {event.responder},
    )
    if event.second:
        return replace(asked, second=Second(event.responder, False, event.acknowledge_by))
    to_go = replace(asked, stage=Stage.ASSIGNED, responder=event.responder, step=event.step, held_by=None)
    return replace(to_go, act_at=event.acknowledge_by)


def _with_crew(visit: Visit, responder: UUID, people: int, by: UUID | None) -> Visit:
    return replace(
        visit,
        spoke_for=visit.spoke_for if by in (None, responder) else {**visit.spoke_for, by: responder},
        crews={**visit.crews, responder: people},
        asked=visit.asked | {responder},
        took=visit.took | {responder},
        met_nobody={id_: found for id_, found in visit.met_nobody.items() if id_ != responder},
    )


def _without_crew(visit: Visit, responder: UUID) -> Visit:
    crews = {id_: people for id_, people in visit.crews.items() if id_ != responder}
    return replace(visit, crews=crews, there=visit.there - {responder})
