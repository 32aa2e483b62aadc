"""The kinds of streams, each with its fold."""

from services.tillsyn import alarm, home, night, notice, recipient, unit, visit
from services.tillsyn.ledger import Kind

NIGHT = Kind(night.EMPTY, night.evolve)
RECIPIENT = Kind(recipient.EMPTY, recipient.evolve)
HOME = Kind(home.EMPTY, home.evolve)
VISIT = Kind(visit.EMPTY, visit.evolve)
UNIT = Kind(unit.EMPTY, unit.evolve)
ALARM = Kind(alarm.EMPTY, alarm.evolve)
NOTICE = Kind(notice.EMPTY, notice.evolve)
