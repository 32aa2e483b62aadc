"""The kinds of streams, each with its fold."""

from services.tillsyn import (
    alarm,
    camera,
    dead_letter,
    home,
    incident,
    night,
    notice,
    paper,
    patrol,
    recipient,
    shift,
    staff,
    unit,
    visit,
)
from services.tillsyn.ledger import Kind

NIGHT = Kind(night.EMPTY, night.evolve)
RECIPIENT = Kind(recipient.EMPTY, recipient.evolve)
HOME = Kind(home.EMPTY, home.evolve)
CAMERA = Kind(camera.EMPTY, camera.evolve)
VISIT = Kind(visit.EMPTY, visit.evolve)
UNIT = Kind(unit.EMPTY, unit.evolve)
INCIDENTS = Kind(incident.EMPTY, incident.evolve)
PATROL = Kind(patrol.EMPTY, patrol.evolve)
DEAD_LETTER = Kind(dead_letter.EMPTY, dead_letter.evolve)
ALARM = Kind(alarm.EMPTY, alarm.evolve)
NOTICE = Kind(notice.EMPTY, notice.evolve)
ROLES = Kind(staff.EMPTY, staff.evolve)
SHIFT = Kind(shift.EMPTY, shift.evolve)
PAPER = Kind(paper.EMPTY, paper.evolve)
