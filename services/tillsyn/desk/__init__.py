"""The desk: every use case that somebody can ask for, by who asks. Each is one transaction: all or nothing."""

from services.tillsyn.desk.alarms import Alarms, Notices
from services.tillsyn.desk.care import Care
from services.tillsyn.desk.night_staff import NightStaff
from services.tillsyn.desk.patrol import Patrol

__all__ = ["Alarms", "Care", "NightStaff", "Notices", "Patrol"]
