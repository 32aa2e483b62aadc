"""The care unit: whose rules a night follows, and who is asked to go when a camera cannot settle a slot."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from events.base import Event
from events.personal import Personal

Positive = Annotated[timedelta, Field(gt=timedelta(0))]


class NightRules(BaseModel):
    """How long things may take in a unit's night. Copied into each planned night, so that a night is judged by the
    rules it began with.

    Sources of the defaults: second look after 15 min (Kungsbacka), patrol told within 5 min of a found fault (a Nacka
    tender, 2017), staff there within 45 min (Skellefteå), a look of 30 s (Göteborg, Kungsbacka). The rest are ours.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_timedelta="iso8601")

    lease: Positive = timedelta(seconds=90)
    """How long a claim holds before a colleague may take over."""
    look: Positive = timedelta(seconds=30)
    """How long a camera may stay open for one look."""
    undo: Positive = timedelta(seconds=5)
    """How long "all well" can be taken back without a reason."""
    second_look_after: Positive = timedelta(minutes=15)
    """From "not seen" to the second look."""
    second_look_window: Positive = timedelta(minutes=10)
    """How long the second look may take before the slot is escalated."""
    hard_maximum: Positive = timedelta(minutes=120)
    """From due to the last instant to which any extension may move the deadline."""
    retry_after: Positive = timedelta(minutes=2)
    """From a picture that was no use to the gateway's one retry."""
    trouble_grace: Positive = timedelta(minutes=5)
    """How long staff may try for themselves after the camera failed, before somebody is sent."""
    acknowledge_within: Positive = timedelta(minutes=5)
    arrive_within: Positive = timedelta(minutes=45)
    complete_within: Positive = timedelta(minutes=60)
    second_opinion_within: Positive = timedelta(minutes=5)
    """From "seen, uncertain" to a colleague's answer; then somebody is sent."""
    reopened_for: Positive = timedelta(minutes=15)
    """How long a slot that was reopened may stand open."""
    alarm_look_within: Positive = timedelta(minutes=10)
    """From a manual alarm (a worried relative phones) to the look; then somebody is sent."""
    alarm_answered_within: Positive = timedelta(minutes=5)
    """From an alarm to somebody's word that they have it; then it repeats, louder."""
    alarm_mended_within: Positive = timedelta(minutes=15)
    """From that word to the cause being gone; then the alarm is open again."""
    incident_decided_within: Positive = timedelta(minutes=10)
    """How long the homes of an incident may wait for a named person's decision before it is asked for again."""
    incident_from_homes: Annotated[int, Field(ge=2)] = 2
    """So many homes lost to one cause are one incident, and not so many visits."""
    incident_window: Positive = timedelta(minutes=5)
    """Losses so close together count as one cause."""
    staffed_before: Positive = timedelta(minutes=30)
    """So long before the night's first slot somebody must be signed in."""
    signed_out_after: Positive = timedelta(minutes=30)
    """From the end of a shift by the roster, or of a role, to what its holder still owns being taken away, loudly."""
    break_glass_for: Positive = timedelta(minutes=60)
    """How long a role holds that somebody took in an emergency."""
    looks_a_quarter: Annotated[int, Field(ge=1)] = 10
    """How many looks one person manages in a quarter of an hour: a lease of 90 s each. (Kramfors does some 30 in that
    time, all staff together.)"""
    decision_warned_before: Positive = timedelta(days=14)
    """So long before a decision ends its assessor is told."""


DEFAULT_RULES = NightRules()
"""What a unit begins with."""


class UnitRegistered(Event, name="unit.registered", version=2):
    """A care unit begins to use the system, with its time zone, its rules and its chain of responders."""

    unit: UUID
    organisation: UUID
    name: str
    zone: str
    rules: NightRules = DEFAULT_RULES
    chain: tuple[UUID, ...] = Field(min_length=1)
    """Who is sent, in order: patrols first, the on-call manager last. The last one is asked again and again."""


class UnitRulesChanged(Event, name="unit.rules-changed", version=2):
    """The unit has new rules, for nights that are planned from now on."""

    unit: UUID
    rules: NightRules


class UnitChainChanged(Event, name="unit.chain-changed"):
    """Others are asked to go from now on, or in another order."""

    unit: UUID
    chain: tuple[UUID, ...] = Field(min_length=1)


class UnitCarAdded(Event, name="unit.car-added"):
    """The unit has a car more. Who is in which of its cars is decided by somebody who knew of all of them."""

    unit: UUID
    patrol: UUID


class StaffRegistered(Event, name="staff.registered"):
    """Somebody who works for a unit and may act in one or more roles."""

    staff: UUID
    unit: UUID
    roles: tuple[str, ...]
    name: Personal[str]


class GatewayRegistered(Event, name="gateway.registered"):
    """A gateway box is known to the system, and may speak for the homes that are linked to it."""

    gateway: UUID
    unit: UUID
    public_key: str
    """Its NATS NKey (public part), with which it proves who it is."""


class GatewayStateChanged(Event, name="gateway.state-changed"):
    """A gateway came back or fell silent; recorded once for each change, not for each heartbeat."""

    gateway: UUID
    online: bool
    last_heard: AwareDatetime | None = None
