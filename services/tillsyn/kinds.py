"""The kinds of streams, each with its fold."""

from services.tillsyn import home, night, recipient, shift, staff, unit, visit
from services.tillsyn.ledger import Kind

NIGHT = Kind(night.EMPTY, night.evolve)
RECIPIENT = Kind(recipient.EMPTY, recipient.evolve)
HOME = Kind(home.EMPTY, home.evolve)
VISIT = Kind(visit.EMPTY, visit.evolve)
UNIT = Kind(unit.EMPTY, unit.evolve)
ROLES = Kind(staff.EMPTY, staff.evolve)
SHIFT = Kind(shift.EMPTY, shift.evolve)
