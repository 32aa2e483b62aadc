"""The unit that random nights are played in, registered once for each zone in a file that is copied for each night.

Three homes: a couple with one camera; somebody with a cohabitant, behind the same gateway; somebody alone behind
another. A fourth stands empty, to be moved into.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from events.envelope import Actor, ActorKind
from events.keys import KeyRing
from events.looks.messages import NoPicture
from events.looks.picture import SealedPicture
from events.personal import Personal
from events.runtime.ids import Ids, seeded_randomness
from events.store import EventStore, migrate
from events.types import REGISTRY
from events.types.home import OutageAgreement, RiskClass
from events.types.recipient import ConsentForm, ConsentScope
from events.types.unit import GatewayRegistered, StaffRegistered, UnitRegistered
from services.tillsyn import home as homes
from services.tillsyn import patrol as patrols
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import Care, Dispatch, Installing
from services.tillsyn.desk.care import INSTALLER as VOUCHED_FOR
from services.tillsyn.ledger import Ledger
from services.tillsyn.looking import GrantRequest
from services.tillsyn.policies import POLICIES
from services.tillsyn.read_models import PROJECTIONS
from tests.builders import (
    ANNA,
    ASSESSOR,
    BERTIL,
    CHAIN,
    COHABITANT,
    INSTALLER,
    MANAGER,
    ORGANISATION,
    PATROL,
    SECOND_PATROL,
    UNIT,
    an_id,
)
from tests.services.tillsyn.house import MASTER, VIEWER_KEY

P, T = ParamSpec("P"), TypeVar("T")
REGISTERED = datetime(2026, 1, 2, 12, 30, tzinfo=UTC)
AGENCY, DRIVER, CAR = an_id("agency nurse"), an_id("driver"), an_id("car")
NURSES = (ANNA, BERTIL, AGENCY)
ROAD = (PATROL, SECOND_PATROL, MANAGER, DRIVER)
PEOPLE = tuple(an_id(f"person {n}") for n in range(4))
HOMES = tuple(an_id(f"house {n}") for n in range(4))
CAMERAS = tuple(an_id(f"camera {n}") for n in range(4))
GATEWAYS = (an_id("gateway 0"), an_id("gateway 1"))
BEHIND = (0, 0, 1, 1)
"""Of each home, which gateway."""
LIVES_IN = (0, 0, 1, 2)
"""Of each person, which home."""
ENTERING = Actor(ActorKind.STAFF, str(MANAGER), "manager")
"""Who enters, in the night, what is told: they may enter everything of their unit."""
AREAS = ("north", "north", "south", "south")
OUTAGE = (OutageAgreement.VISIT, OutageAgreement.PHONE_FIRST, OutageAgreement.VISIT, OutageAgreement.VISIT)


class HandClock:
    """A clock that somebody moves by hand; nobody sleeps on it."""

    def __init__(self, now: datetime) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    async def sleep_until(self, when: datetime, signal: object = None) -> None:
        raise AssertionError(f"nothing sleeps in a random night, and something would until {when}")


class Inline(ThreadPoolExecutor):
    """Runs what is to be run elsewhere here and now: a night waits for itself some thousand times."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


def _without_threads(store: EventStore) -> None:
    """The store's own readers and writer, called without changing threads: on a busy machine most time goes there."""
    store._threads.shutdown()
    store._threads = Inline()
    writer: Any = store._writer

    async def submit(item: Any) -> Any:
        (outcome,) = writer._outcomes([item])
        item.waiting.settle(outcome)
        return await item.waiting.future

    writer._submit = submit


@asynccontextmanager
async def ledger_on(url: str, clock: HandClock) -> AsyncIterator[Ledger]:
    """The service's ledger on a migrated database; the same ids in the same night."""
    async with await EventStore.open(url, registry=REGISTRY, projections=PROJECTIONS, now=clock.now) as store:
        _without_threads(store)
        ids = Ids(clock.now, seeded_randomness(str(clock.time)))
        yield Ledger(store, KeyRing(MASTER, store), clock, ids, POLICIES)


def made(url: str, zone: str) -> str:
    """Migrate a database, and register the town there."""
    migrate(url)
    asyncio.run(_register(url, zone))
    return url


def copied(template: Path, folder: Path) -> str:
    """The address of a copy of the town."""
    return f"sqlite:///{shutil.copy(template, folder / 'night.db')}"


async def _register(url: str, zone: str) -> None:
    async with ledger_on(url, HandClock(REGISTERED)) as ledger:
        care = Care(ledger, VOUCHED_FOR)
        await care.register_unit(
            UnitRegistered(unit=UNIT, organisation=ORGANISATION, name="Natt", zone=zone, chain=CHAIN)
        )
        await _staff(care)
        await Dispatch(ledger, VOUCHED_FOR).register(patrols.Register(CAR, UNIT, "17", ("north",), 0))
        for gateway in GATEWAYS:
            await care.register_gateway(GatewayRegistered(gateway=gateway, unit=UNIT, public_key="UABC"))
        for n, home in enumerate(HOMES):
            registered = homes.Register(home, UNIT, Personal.of("Storgatan 1", home), RiskClass.MEDIUM, OUTAGE[n])
            await care.home(home, UNIT, registered)
            await care.home(home, UNIT, homes.Place(AREAS[n]))
        for person, lives_in in zip(PEOPLE, LIVES_IN, strict=True):
            name = Personal.of("Astrid", person)
            await care.recipient(person, UNIT, recipients.Register(person, HOMES[lives_in], UNIT, name))
            await care.recipient(person, UNIT, consent(person))
        for n, home in enumerate(HOMES[:3]):
            await care.home(home, UNIT, homes.LinkCamera(CAMERAS[n], GATEWAYS[BEHIND[n]]))
            await commission(Installing(ledger, Served(), bytes(32)), home, CAMERAS[n], ANNA)
        await care.home(HOMES[1], UNIT, homes.CohabitantMovesIn(COHABITANT, Personal.of("Gustav", COHABITANT)))
        await care.home(HOMES[1], UNIT, cohabitant_consents(COHABITANT))


async def _staff(care: Care) -> None:
    roles = {
        ANNA: "night-staff",
        BERTIL: "night-staff",
        AGENCY: "nurse",
        PATROL: "patrol",
        SECOND_PATROL: "patrol",
        DRIVER: "patrol",
        MANAGER: "manager",
        ASSESSOR: "assessor",
        INSTALLER: "installer",
    }
    for id_, role in roles.items():
        name = Personal.of("Kerstin", id_)
        await care.register_staff(StaffRegistered(staff=id_, unit=UNIT, roles=(role,), name=name))


def consent(person: UUID, scope: frozenset[ConsentScope] = frozenset(ConsentScope)) -> recipients.GiveConsent:
    return recipients.GiveConsent(an_id(f"consent of {person}"), scope, ConsentForm.WRITTEN, ANNA)


def cohabitant_consents(cohabitant: UUID) -> homes.CohabitantConsents:
    id_ = an_id(f"consent of {cohabitant}")
    return homes.CohabitantConsents(cohabitant, id_, frozenset(ConsentScope), ConsentForm.ORAL, ANNA)


async def commission(installing: Installing, home: UUID, camera: UUID, by: UUID) -> None:
    """Show a code before the camera, and read it."""
    shown = await installing.begin(home, camera, INSTALLER, recipient_present=True)
    await installing.look(home, by, VIEWER_KEY)
    await installing.confirm(home, by, shown.code, recipient_present=True)


class Served:
    """A gateway that answers every look at once."""

    async def look(self, request: GrantRequest) -> SealedPicture | NoPicture:
        return SealedPicture(request.grant.look, 1, request.grant.valid_from, b"sealed")
