"""Random recipients and homes, held against a plain model of what was agreed."""

from datetime import datetime
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from events.types.night import CancelReason, VisitInstead
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.home import LinkCamera, UnlinkCamera
from services.tillsyn.night.commands import Cancelled
from services.tillsyn.recipient import (
    EndAbsence,
    EndDecision,
    PauseCamera,
    ReportAbsence,
    ResumeCamera,
    WithdrawConsent,
)
from tests.builders import (
    DECISION,
    GATEWAY,
    NIGHT,
    STOCKHOLM,
    a_consent,
    a_handover,
    a_recipient,
    a_registration_of_a_home,
    a_schedule,
    an_id,
    at,
)
from tests.services.tillsyn.rules.told import Told

HOURS = [at(f"{hour % 24:02}:00") for hour in range(20, 31)]
hours = st.sampled_from(HOURS)
absences = st.sampled_from([an_id("hospital"), an_id("holiday")])
cameras = st.sampled_from([an_id("left camera"), an_id("right camera")])


class ARecipient(RuleBasedStateMachine):
    """The model: a yes or a no, a pause, absences as intervals, and an instant at which it all ended."""

    @initialize()
    def begin(self) -> None:
        self.told = Told(recipients, a_recipient("22:00", "02:00"))
        self.yes = True
        self.paused: tuple[bool, datetime | None] = (False, None)
        self.away: dict[UUID, tuple[datetime, datetime]] = {}
        self.ended: datetime | None = None

    def do(self, command: recipients.Command) -> bool:
        """Whether it was not refused."""
        refused = self.told.refuses(command)
        self.told.do(command, HOURS[0])
        return not refused

    @rule()
    def withdraw(self) -> None:
        assert self.do(WithdrawConsent()), "a no is never refused"
        self.yes = False

    @rule()
    def consent(self) -> None:
        self.do(a_consent())
        self.yes = True

    @rule(until=st.none() | hours, now=hours)
    def pause(self, until: datetime | None, now: datetime) -> None:
        accepted = self.do(PauseCamera(until, now))
        assert accepted == (until is None or until > now)
        self.paused = (True, until) if accepted else self.paused

    @rule()
    def resume(self) -> None:
        self.do(ResumeCamera())
        self.paused = (False, None)

    @rule(absence=absences, start=hours, end=hours)
    def go_away(self, absence: UUID, start: datetime, end: datetime) -> None:
        known = self.away.get(absence) == (start, end)
        accepted = self.do(ReportAbsence(absence, start, end, "hospital"))
        assert accepted == (start < end) or known
        if accepted:
            self.away[absence] = (start, end)

    @rule(absence=absences, end=hours)
    def come_back(self, absence: UUID, end: datetime) -> None:
        assert self.do(EndAbsence(absence, end)) == (absence in self.away)
        if absence in self.away:  # who is back is back, however often they were said to be away
            ended = {id_ for id_, (start, said) in self.away.items() if id_ == absence or start <= end < said}
            self.away |= {id_: (start, min(said, end)) for id_, (start, said) in self.away.items() if id_ in ended}

    @rule(when=hours)
    def end(self, when: datetime) -> None:
        if self.ended is None:
            assert not self.do(EndDecision(when, "moved")), "nothing follows it, and nobody answers for that"
            self.do(a_handover())
            assert self.do(EndDecision(when, "moved"))
            self.ended = when

    @rule()
    def agree_on_the_same_times(self) -> None:
        self.do(a_schedule("22:00", "02:00"))

    @invariant()
    def what_stands_against_a_slot_is_what_was_agreed(self) -> None:
        if not hasattr(self, "told"):
            return
        for due in HOURS:
            assert self.told.state.restriction(due, NIGHT) in self.expected(due)
        due = [slot.due_at for slot in self.told.state.slots(NIGHT, STOCKHOLM)]
        agreed = [instant for instant in (at("21:00"), at("01:00")) if self.ended is None or instant < self.ended]
        assert due == agreed, "no consent means visits, not nothing"

    def expected(self, due: datetime) -> list[object]:
        if self.ended is not None and due >= self.ended:
            return [Cancelled(CancelReason.DECISION_ENDED, DECISION)]
        away = [id_ for id_, (start, end) in self.away.items() if start <= due < end]
        if away:
            return [Cancelled(CancelReason.ABSENT, id_) for id_ in away]
        if not self.yes:
            return [VisitInstead.CONSENT_WITHDRAWN]
        paused, until = self.paused
        return [VisitInstead.CAMERA_PAUSED] if paused and (until is None or due < until) else [None]

    def teardown(self) -> None:
        if hasattr(self, "told"):
            self.told.folds_to_the_same_again()


class AHome(RuleBasedStateMachine):
    """The model: no camera, or one."""

    @initialize()
    def begin(self) -> None:
        self.told = Told(homes, homes.EMPTY)
        self.told.do(a_registration_of_a_home(), HOURS[0])
        self.camera: UUID | None = None

    @rule(camera=cameras)
    def link(self, camera: UUID) -> None:
        command = LinkCamera(camera, GATEWAY)
        assert self.told.refuses(command) == (self.camera not in (None, camera))
        self.told.do(command, HOURS[0])
        self.camera = self.camera or camera

    @rule()
    def unlink(self) -> None:
        self.told.do(UnlinkCamera("broken"), HOURS[0])
        self.camera = None

    @rule()
    def register_again(self) -> None:
        assert not self.told.do(a_registration_of_a_home(), HOURS[0])

    @invariant()
    def a_home_has_the_camera_linked_last(self) -> None:
        if hasattr(self, "told"):
            linked = self.told.state.camera
            assert (linked and linked.camera) == self.camera

    def teardown(self) -> None:
        if hasattr(self, "told"):
            self.told.folds_to_the_same_again()


TestARecipient = ARecipient.TestCase
TestARecipient.settings = settings(deadline=None, max_examples=50, stateful_step_count=20)
TestAHome = AHome.TestCase
TestAHome.settings = settings(deadline=None, max_examples=30, stateful_step_count=15)
