"""The read models: rows keyed by slot, visit, look, home or person, made from events alone.

Projections write them by name in the append's transaction (``Set("slots", slot, {…})``); the queries that screens,
planner and sweeper ask of them stand in `events.store.queries`. Personal columns hold ciphertext: ``name`` is the
sealed JSON, ``name_event`` the id of the event that it is bound to.
"""

from events.store.tables.read_models.homes import cameras, gateways, homes, recipients
from events.store.tables.read_models.night import looks, patrols, slots, visits
from events.store.tables.read_models.operational import OPERATIONAL, alive, heard
from events.store.tables.read_models.people import break_glass, shifts, signed_in, staff, staff_roles, units
from events.store.tables.read_models.told import alarms, incident_homes, incidents, notices

__all__ = [
    "OPERATIONAL",
    "alarms",
    "alive",
    "break_glass",
    "cameras",
    "gateways",
    "heard",
    "homes",
    "incident_homes",
    "incidents",
    "looks",
    "notices",
    "patrols",
    "recipients",
    "shifts",
    "signed_in",
    "slots",
    "staff",
    "staff_roles",
    "units",
    "visits",
]
