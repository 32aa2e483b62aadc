"""A home with everybody who is checked on there, and what keeps its camera shut for one of them.

They live together: a camera that sees one may see the other, and whoever else is at home. So all of them have to say
yes, and one no shuts it for all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from uuid import UUID

from events.store import queries
from events.types.night import VisitInstead
from events.types.recipient import ConsentScope
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.kinds import HOME, RECIPIENT
from services.tillsyn.ledger import Transaction

_TO_BE_TESTED = frozenset({None, VisitInstead.NOT_COMMISSIONED, VisitInstead.NO_CAMERA})
"""What says nothing against a test: a bed that no camera shows, or one that is not tested yet."""


@dataclass(frozen=True, slots=True)
class Household:
    """One home as it stands, and its recipients; `people` leaves out those who moved away."""

    home: homes.Home
    people: Mapping[UUID, recipients.Recipient]

    @property
    def living(self) -> dict[UUID, recipients.Recipient]:
        """Those who are alive."""
        return {id_: person for id_, person in self.people.items() if person.died_at is None}

    def camera_of(self, recipient: UUID) -> homes.Camera | None:
        """The camera that shows this person's bed, tested or not."""
        return self.home.camera_of(recipient)

    def scope(self, recipient: UUID) -> frozenset[ConsentScope]:
        """What everybody's consent covers: one's own, the other recipient's, and each cohabitant's. Nothing without."""
        own = self.people.get(recipient)
        if own is None:
            return frozenset()
        given = [person.consent.scope if person.consent else frozenset() for person in self._with(recipient)]
        given += [cohabitant.scope for cohabitant in self.home.cohabitants.values()]
        return reduce(frozenset.intersection, given)

    def shut(self, recipient: UUID, at: datetime) -> VisitInstead | None:
        """Why the camera may not be opened for this person at `at`; None when it may.

        (While a carer is in the home nobody looks either, but for that no slot becomes a visit: see `carer`.)
        """
        person = self.people.get(recipient)
        if person is None or self.home.closed:
            return VisitInstead.NO_CAMERA
        camera = self.camera_of(recipient)
        others = [other for id_, other in self.living.items() if id_ != recipient]
        if (own := person.camera_shut(at)) is not None:
            return own
        if self.home.stopped is not None or person.died_at is not None:
            return VisitInstead.CAMERAS_STOPPED
        if any(other.consent is None for other in others) or any(
            cohabitant.consent is None for cohabitant in self.home.cohabitants.values()
        ):
            return VisitInstead.COHABITANT
        if any(other.camera_shut(at) is not None for other in others):
            return VisitInstead.CAMERA_PAUSED
        if camera is None:
            return VisitInstead.NO_CAMERA
        return None if camera.commissioned else VisitInstead.NOT_COMMISSIONED

    def shut_in_test(self, at: datetime) -> VisitInstead | None:
        """Why a camera of the home may not even be opened for its test at `at`; None when it may.

        The picture shows whoever is there: they have to have said yes before, and one no is a no for all.
        """
        if not self.living:
            return VisitInstead.NO_CAMERA
        why = (self.shut(who, at) for who in sorted(self.living))
        return next((each for each in why if each not in _TO_BE_TESTED), None)

    def in_test(self, at: datetime) -> UUID | None:
        """The camera that may be opened for its test at `at`: nobody has said no, and no carer is in the home."""
        return self.home.in_test(at) if self.shut_in_test(at) is None and not self.carer else None

    def opens_again_at(self, now: datetime) -> datetime | None:
        """When a pause ends by itself: no event tells of that."""
        ends = [person.paused_until for person in self.people.values() if person.paused]
        return min((end for end in ends if end is not None and end > now), default=None)

    @property
    def carer(self) -> bool:
        """Whether a carer is in the home."""
        return bool(self.home.carers)

    def _with(self, recipient: UUID) -> list[recipients.Recipient]:
        return [person for id_, person in self.people.items() if id_ == recipient or person.died_at is None]


async def load_household(tx: Transaction, home: UUID, *, rely: bool = True) -> Household:
    """A home and its people, each of whom must not change until the append (`rely`)."""
    stream = await tx.load(HOME, homes.stream_of(home), rely=rely)
    rows = await tx.store.query(queries.recipients_of_home, home)
    # the home's own events name them; rows do for those who were registered before there were such events
    ids = dict.fromkeys([*stream.state.recipients, *rows])
    people = {id_: (await tx.load(RECIPIENT, recipients.stream_of(id_), rely=rely)).state for id_ in ids}
    return Household(stream.state, {id_: person for id_, person in people.items() if person.home == home})
