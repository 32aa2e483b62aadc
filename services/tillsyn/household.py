"""A home with everybody who is checked on there, and what keeps its camera shut for one of them.

They live together: a camera that sees one may see the other, and whoever else is at home. So all of them have to say
yes, and one no shuts it for all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import reduce
from uuid import UUID

from events.schedule import SlotKind
from events.store import queries
from events.types.night import VisitInstead
from events.types.recipient import ConsentScope
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.kinds import HOME, RECIPIENT
from services.tillsyn.ledger import Transaction


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


class PlanGap(StrEnum):
    """What a granted decision lacks to be a plan that works."""

    NO_SCHEDULE = "no-schedule"
    NO_CAMERA = "no-camera"
    NOT_COMMISSIONED = "not-commissioned"
    NO_GATEWAY = "no-gateway"


def plan_concerns(recipient: recipients.Recipient, home: homes.Home, gateway_known: bool) -> list[PlanGap]:
    """What keeps a decision from being carried out as agreed; nothing for somebody who has died.

    Without consent the camera is not asked for: visits work. `gateway_known` is whether the gateway of the camera that
    shows this person is registered. Whether a decision stands tonight is for whoever asks: `Recipient.decision_of`.
    """
    if recipient.recipient is None or recipient.died_at is not None or not recipient.decisions:
        return []
    entries = recipient.periods[-1].entries if recipient.periods else ()
    if not entries:
        return [PlanGap.NO_SCHEDULE]
    if recipient.consent is None or all(entry.kind is SlotKind.VISIT for entry in entries):
        return []
    camera = home.camera_of(recipient.recipient)
    if camera is None:
        return [PlanGap.NO_CAMERA]
    gaps = [] if camera.commissioned else [PlanGap.NOT_COMMISSIONED]
    return gaps if gateway_known else [*gaps, PlanGap.NO_GATEWAY]


async def load_household(tx: Transaction, home: UUID, *, rely: bool = True) -> Household:
    """A home and its people, each of whom must not change until the append (`rely`)."""
    stream = await tx.load(HOME, homes.stream_of(home), rely=rely)
    rows = await tx.store.query(queries.recipients_of_home, home)
    # the home's own events name them; rows do for those who were registered before there were such events
    ids = dict.fromkeys([*stream.state.recipients, *rows])
    people = {id_: (await tx.load(RECIPIENT, recipients.stream_of(id_), rely=rely)).state for id_ in ids}
    return Household(stream.state, {id_: person for id_, person in people.items() if person.home == home})
