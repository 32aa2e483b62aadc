"""The desk: every use case that somebody can ask for, by who asks. Each is one transaction: all or nothing."""

from services.tillsyn.desk.alarms import Alarms, Notices
from services.tillsyn.desk.care import Care
from services.tillsyn.desk.dispatch import Dispatch
from services.tillsyn.desk.incidents import Incidents
from services.tillsyn.desk.installing import Installing
from services.tillsyn.desk.load import Load
from services.tillsyn.desk.night_staff import NightStaff
from services.tillsyn.desk.patrol import Patrol
from services.tillsyn.desk.reviews import Reviews
from services.tillsyn.desk.staffing import Staffing

__all__ = [
    "Alarms",
    "Care",
    "Dispatch",
    "Incidents",
    "Installing",
    "Load",
    "NightStaff",
    "Notices",
    "Patrol",
    "Reviews",
    "Staffing",
]
