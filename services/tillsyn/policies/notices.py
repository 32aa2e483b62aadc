"""What somebody must have been told, by the event that it follows from."""

from uuid import UUID

from events.base import Event
from events.envelope import Context
from events.looks.grant import LookPurpose
from events.types import recipient as agreed
from events.types.home import CameraUnlinked, CohabitantConsentWithdrawn
from events.types.night import LookGranted
from events.types.notice import NoticeKind
from events.types.staff import BreakGlassOpened
from events.types.visit import VisitCalledOff, VisitMadeWith
from services.tillsyn.kinds import NIGHT, VISIT
from services.tillsyn.ledger import Transaction
from services.tillsyn.policies.alarming import ASSESSOR, MANAGER, NIGHT_STAFF, PATROL, tell


async def notices_follow(tx: Transaction, stream_name: str, event: Event, context: Context) -> None:
    """Tell of `event` whoever has to know it."""
    match event:
        case agreed.RecipientDied(recipient=id_):
            await tell(tx, context, NoticeKind.DEATH, ASSESSOR, PATROL, about=id_, recipient=id_)
        case agreed.DeathTakenBack(recipient=id_):
            await tell(tx, context, NoticeKind.DEATH_TAKEN_BACK, ASSESSOR, PATROL, about=id_, recipient=id_)
        case agreed.RecipientMoved(recipient=id_, to_home=home):
            await tell(tx, context, NoticeKind.MOVED, ASSESSOR, PATROL, about=id_, recipient=id_, home=home)
        case agreed.DecisionEndWarned(recipient=id_, decision=decision):
            await tell(tx, context, NoticeKind.DECISION_ENDS, ASSESSOR, about=decision, recipient=id_)
        case agreed.ConsentWithdrawn(recipient=id_, consent=consent):
            await tell(tx, context, NoticeKind.CONSENT_WITHDRAWN, ASSESSOR, about=consent, recipient=id_)
        case CohabitantConsentWithdrawn(home=home, consent=consent):
            await tell(tx, context, NoticeKind.CONSENT_WITHDRAWN, ASSESSOR, about=consent, home=home)
        case agreed.AbsenceEnded(recipient=id_, absence=absence, announced=False):
            await tell(tx, context, NoticeKind.RETURNED, NIGHT_STAFF, ASSESSOR, about=absence, recipient=id_)
        case LookGranted(look=look, purpose=LookPurpose.ALARM):
            night = (await tx.load(NIGHT, stream_name)).state
            kind = NoticeKind.LOOK_TO_REVIEW
            await tell(tx, context, kind, MANAGER, about=look, recipient=night.recipient, home=night.home)
        case BreakGlassOpened(access=access):
            await tell(tx, context, NoticeKind.BREAK_GLASS_TO_REVIEW, MANAGER, about=access)
        case CameraUnlinked(home=home, camera=camera):
            await tell(tx, context, NoticeKind.CAMERA_REVOKED, ASSESSOR, about=camera, home=home)
        case VisitCalledOff():
            await _of_who_is_on_the_way(tx, stream_name, None, context)
        case VisitMadeWith(responder=there):
            await _of_who_is_on_the_way(tx, stream_name, there, context)
        case _:
            pass


async def _of_who_is_on_the_way(tx: Transaction, stream_name: str, there: UUID | None, context: Context) -> None:
    """A visit that somebody drives to is over without them: they turn round, and night staff know that nobody comes."""
    visit = (await tx.load(VISIT, stream_name)).state
    if visit.visit is not None and visit.crews.keys() - {there}:
        kind, about = NoticeKind.VISIT_CALLED_OFF, visit.visit
        await tell(tx, context, kind, PATROL, NIGHT_STAFF, about=about, recipient=visit.recipient, home=visit.home)
