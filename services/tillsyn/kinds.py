"""The kinds of streams, each with its fold."""

from services.tillsyn import dead_letter, home, night, recipient, unit, visit
from services.tillsyn.ledger import Kind

NIGHT = Kind(night.EMPTY, night.evolve)
RECIPIENT = Kind(recipient.EMPTY, recipient.evolve)
HOME = Kind(home.EMPTY, home.evolve)
VISIT = Kind(visit.EMPTY, visit.evolve)
UNIT = Kind(unit.EMPTY, unit.evolve)
DEAD_LETTER = Kind(dead_letter.EMPTY, dead_letter.evolve)
