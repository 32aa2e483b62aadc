"""Whoever is asked to go is asked to where the recipient lives now: who was in the old home has met nobody there."""

from events.base import Event
from events.envelope import Context
from events.types.visit import VisitAssigned
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn import visit as visits
from services.tillsyn.kinds import HOME, RECIPIENT, VISIT
from services.tillsyn.ledger import Transaction


async def visits_follow_who_moved(tx: Transaction, stream: str, event: Event, context: Context) -> None:
    """VisitMoved, where somebody moved while a carer was in the old home and the visit had to go on there."""
    if not isinstance(event, VisitAssigned):
        return
    visit = await tx.load(VISIT, stream)
    if visit.state.recipient is None:
        return
    lives_in = (await tx.load(RECIPIENT, recipients.stream_of(visit.state.recipient), rely=True)).state.home
    if lives_in is None or lives_in == visit.state.home:
        return
    area = (await tx.load(HOME, homes.stream_of(lives_in))).state.area
    tx.record(visit, visits.decide(visit.state, visits.Move(lives_in, area)), context)
