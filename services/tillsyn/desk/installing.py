"""What an installer on site and a colleague at the desk do: show a code before the camera, read it in a live picture.

A camera that was linked is used for nothing until that has been done. (Slots that have become visits meanwhile stay
visits: their patrols know of them. Nights that are planned after it use the camera.)
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from events.envelope import Context, Owner
from events.looks.messages import LookFault, NoPicture
from events.looks.picture import SealedPicture
from events.store import queries
from events.types.home import CameraCommissioned, CommissioningFailed, CommissioningLookGranted
from events.types.unit import DEFAULT_RULES
from services.tillsyn import home as homes
from services.tillsyn.desk.agreements import hold_home_against_agreements
from services.tillsyn.desk.looks import CameraShutError, kept_shut_in_test
from services.tillsyn.desk.who import staff_context
from services.tillsyn.home.errors import NoSuchHomeError, NoTestError
from services.tillsyn.household import load_household
from services.tillsyn.kinds import HOME
from services.tillsyn.ledger import Ledger, Stream, Transaction
from services.tillsyn.looking import GrantRequest, Looking

INSTALLS, READS = "installer", "night-staff"
CODE_DIGITS = 6
SHOWN_FOR = timedelta(minutes=15)
"""How long a code can be read; then the installer begins anew."""

MakeCode = Callable[[], str]


class Read(StrEnum):
    """What came of a code that was read."""

    COMMISSIONED = "commissioned"
    WRONG_CODE = "wrong-code"
    """Look again; after three the test has failed."""
    FAILED = "failed"
    """Three wrong codes, or too late: the installer begins anew."""


@dataclass(frozen=True, slots=True)
class ShownCode:
    """The code to be shown before the camera, until when it can be read."""

    code: str
    until: datetime


def any_code() -> str:
    """Six digits that nobody can foresee."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


class Installing:
    """Commissioning. `key` is the installation's, for codes: the log must not tell what the picture has to show."""

    def __init__(self, ledger: Ledger, looking: Looking, key: bytes, make_code: MakeCode = any_code) -> None:
        self._ledger = ledger
        self._looking = looking
        self._key = key
        self._make_code = make_code

    async def begin(self, home: UUID, camera: UUID, installer: UUID, *, recipient_present: bool) -> ShownCode:
        """Begin a camera's test: the code that the installer shows before it. One that runs already is broken off.

        The installer says that the recipient is there, before any picture is taken: RecipientAbsentError without.
        """
        test, code = self._ledger.ids.thing(), self._make_code()

        async def use_case(tx: Transaction) -> ShownCode:
            stream, context = await self._home(tx, home, installer, INSTALLS)
            until = context.time + SHOWN_FOR
            digest = self._digest(test, code)
            command = homes.BeginTest(camera, test, installer, digest, until, context.time, recipient_present)
            tx.record(stream, homes.decide(stream.state, command), context)
            return ShownCode(code, until)

        return await self._ledger.transact(use_case)

    async def look(self, home: UUID, by: UUID, viewer_key: str) -> SealedPicture | NoPicture:
        """Open the camera in test once, for somebody who is not the installer; sealed for `viewer_key` alone.

        Everybody who lives there has said yes before, and no carer is in the home: the picture shows whoever is there.
        The grant is on record before the camera is asked, and that a picture came afterwards. The gateway opens only
        once it has heard of the test: right after `begin` it may answer that its schedule is outdated; then ask again.
        """
        granted = await self._ledger.transact(lambda tx: self._grant(tx, home, by, viewer_key))
        reply = await self._looking.look(granted)
        if isinstance(reply, NoPicture):
            return reply
        return await self._ledger.transact(lambda tx: self._served(tx, home, by, reply))

    async def confirm(self, home: UUID, by: UUID, code: str, *, recipient_present: bool) -> Read:
        """Say which code the picture showed, and whether the recipient is in it. The right one puts the camera in use.

        A wrong code is no refusal but a fact: it is kept, and the third ends the test.
        """

        async def use_case(tx: Transaction) -> Read:
            stream, context = await self._home(tx, home, by, READS)
            test = stream.state.commissioning
            if test is None:
                raise NoTestError(f"no camera of home {home} is being tested; an installer on site begins a test")
            digest = self._digest(test.commissioning, code)
            events = homes.decide(stream.state, homes.ConfirmTest(by, digest, recipient_present, context.time))
            tx.record(stream, events, context)
            await hold_home_against_agreements(tx, home, context)
            if any(isinstance(event, CameraCommissioned) for event in events):
                return Read.COMMISSIONED
            return Read.FAILED if any(isinstance(event, CommissioningFailed) for event in events) else Read.WRONG_CODE

        return await self._ledger.transact(use_case)

    async def break_off(self, home: UUID, installer: UUID) -> None:
        """Leave without a test that passed."""

        async def use_case(tx: Transaction) -> None:
            stream, context = await self._home(tx, home, installer, INSTALLS)
            tx.record(stream, homes.decide(stream.state, homes.BreakOffTest()), context)

        await self._ledger.transact(use_case)

    async def _grant(self, tx: Transaction, home: UUID, by: UUID, viewer_key: str) -> GrantRequest:
        stream, context = await self._home(tx, home, by, READS)
        if (shut := await _shut(tx, home, context.time)) is not None:
            raise CameraShutError(f"the camera in test in home {home} stays shut: {shut}")
        until = context.time + DEFAULT_RULES.look
        command = homes.GrantTestLook(tx.ledger.ids.thing(), by, until, context.time)
        events = homes.decide(stream.state, command)
        tx.record(stream, events, context)
        granted = next(event for event in events if isinstance(event, CommissioningLookGranted))
        camera = stream.state.linked(granted.camera)
        assert camera is not None  # noqa: S101 - a test ends with the camera's link
        return GrantRequest.of_test(granted, camera, context.owner, viewer_key)

    async def _served(self, tx: Transaction, home: UUID, by: UUID, picture: SealedPicture) -> SealedPicture | NoPicture:
        """A picture that comes when the test is over, or somebody has said no, is not handed on."""
        stream, context = await self._home(tx, home, by, READS)
        if (shut := await _shut(tx, home, context.time)) is not None:
            return NoPicture(picture.look, LookFault.SUSPENDED, f"while the camera opened: {shut}")
        events = homes.decide(stream.state, homes.RecordTestLook(picture.look, picture.taken_at))
        tx.record(stream, events, context)
        if events:
            return picture
        return NoPicture(picture.look, LookFault.SUSPENDED, "the test ended while the camera opened")

    async def _home(self, tx: Transaction, home: UUID, by: UUID, role: str) -> tuple[Stream[homes.Home], Context]:
        row = await tx.store.query(queries.home, home)
        if row is None:
            raise NoSuchHomeError(f"no home {home} is registered; register the home first")
        context = await staff_context(tx, by, role, Owner(row.organisation, row.unit))
        return await tx.load(HOME, homes.stream_of(home)), context

    def _digest(self, test: UUID, code: str) -> str:
        return hmac.new(self._key, test.bytes + code.strip().encode(), sha256).hexdigest()


async def _shut(tx: Transaction, home: UUID, at: datetime) -> str | None:
    return kept_shut_in_test(await load_household(tx, home), at)
