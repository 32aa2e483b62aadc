"""Somebody who is back unannounced is an alarm, missed check or not, until a look or a visit has found out how they are.

It ends as well where there is nobody to find any more: they died, or are away again.
"""

from uuid import UUID

from events.base import Event
from events.envelope import Context
from events.store import queries
from events.types.alarm import AlarmKind
from events.types.night import SlotCompleted, SlotEscalated
from events.types.recipient import AbsenceEnded, AbsenceReported, RecipientDied
from events.types.visit import VisitArrived, VisitClosed, VisitCompleted
from services.tillsyn import visit as visits
from services.tillsyn.kinds import NIGHT, RECIPIENT, VISIT
from services.tillsyn.ledger import Transaction
from services.tillsyn.policies.alarming import NIGHT_STAFF, clear_alarms, raise_alarm
from services.tillsyn.policies.alarms import SEEN

RETURNED = AlarmKind.RETURNED
