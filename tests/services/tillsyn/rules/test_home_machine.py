"""Random tests of a camera, held against a plain model: it is in use only if somebody else read the code in time."""

from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.tillsyn import home as homes
from services.tillsyn.home import LinkCamera, UnlinkCamera
from services.tillsyn.home.testing import MOST_WRONG_CODES
from tests.builders import ANNA, BERTIL, CAMERA, GATEWAY, INSTALLER, a_registration_of_a_home, an_id, at
from tests.services.tillsyn.rules.told import Told

people = st.sampled_from([ANNA, BERTIL, INSTALLER])
RIGHT, WRONG = "right", "wrong"
SHOWN_FOR = timedelta(minutes=15)


class ATestedCamera(RuleBasedStateMachine):
    """The model: linked or not, in use or not, and a test with its end, its wrong codes, and who saw a picture."""

    @initialize()
    def begin(self) -> None:
        self.told = Told(homes, homes.EMPTY)
        self.now = at("14:00")
        self.told.do(a_registration_of_a_home(), self.now)
        self.numbers = iter(range(10**6))
        self.linked = self.in_use = False
        self.until: datetime | None = None
        self.wrong = 0
        self.saw: set[UUID] = set()

    @property
    def tested(self) -> bool:
        """Whether a test runs now."""
        return self.until is not None and self.now < self.until

    def an_id(self) -> UUID:
        return an_id(f"number {next(self.numbers)}")

    def end_test(self) -> None:
        self.until, self.wrong, self.saw = None, 0, set()

    @rule(minutes=st.integers(1, 20))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def link(self) -> None:
        self.told.do(LinkCamera(CAMERA, GATEWAY), self.now)
        self.linked = True

    @rule()
    def unlink(self) -> None:
        self.told.do(UnlinkCamera("replaced"), self.now)
        self.linked = self.in_use = False
        self.end_test()

    @rule()
    def begin_a_test(self) -> None:
        until = self.now + SHOWN_FOR
        command = homes.BeginTest(CAMERA, self.an_id(), INSTALLER, RIGHT, until, self.now, recipient_present=True)
        assert self.told.refuses(command) == (not self.linked or self.in_use)
        if self.told.do(command, self.now):
            self.end_test()
            self.until = until

    @rule()
    def break_off(self) -> None:
        self.told.do(homes.BreakOffTest(), self.now)
        self.end_test()

    @rule(by=people, served=st.booleans())
    def look(self, by: UUID, served: bool) -> None:
        look = self.an_id()
        command = homes.GrantTestLook(look, by, self.now + timedelta(seconds=30), self.now)
        assert self.told.refuses(command) == (not self.tested or by == INSTALLER)
        if self.told.do(command, self.now) and served:
            self.told.do(homes.RecordTestLook(look, self.now), self.now)
            self.saw.add(by)

    @rule(by=people, code=st.sampled_from([RIGHT, WRONG]), present=st.booleans())
    def read(self, by: UUID, code: str, present: bool) -> None:
        command = homes.ConfirmTest(by, code, present, self.now)
        late = self.until is not None and not self.tested
        may = self.tested and by in self.saw and present
        assert self.told.refuses(command) == (not may and not late)
        self.told.do(command, self.now)
        if late:
            self.end_test()
        elif may and code == RIGHT:
            self.in_use = True
            self.end_test()
        elif may:
            self.wrong += 1
            if self.wrong == MOST_WRONG_CODES:
                self.end_test()

    @invariant()
    def a_camera_is_in_use_only_after_its_test(self) -> None:
        if not hasattr(self, "told"):
            return
        camera = self.told.state.camera
        assert (camera is not None) == self.linked
        assert (camera is not None and camera.commissioned) == self.in_use
        assert self.told.state.in_test(self.now) == (CAMERA if self.tested else None)

    def teardown(self) -> None:
        if hasattr(self, "told"):
            self.told.folds_to_the_same_again()


TestATestedCamera = ATestedCamera.TestCase
TestATestedCamera.settings = settings(deadline=None, max_examples=60, stateful_step_count=25)
