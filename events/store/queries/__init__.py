"""The questions that planner, sweeper, desk and screens ask of the read models: each named, each with its index.

Every function takes a connection first and only reads; call them through ``EventStore.query``.
"""

from events.store.queries.gateways import GatewayRow, all_gateways, gateway, gateways_among, last_heard, silent_gateways
from events.store.queries.log import next_to_act, proof_of_life
from events.store.queries.paper import (
    PaperPatrolRow,
    PaperRow,
    UnitRow,
    all_units,
    paper_patrols,
    paper_rows,
    paper_rows_without_slots,
)
from events.store.queries.people import (
    HomeRow,
    RecipientRow,
    StaffRow,
    all_recipients,
    home,
    home_of_camera,
    homes_of_gateway,
    homes_of_recipients,
    recipient,
    recipients_of_home,
    staff_member,
    zones,
)
from events.store.queries.slots import (
    SlotRow,
    all_slots,
    closed_to_the_camera,
    latest_planned_night,
    nights_to_sweep,
    open_nights,
    slot,
    slots_of_night,
    worklist,
)
from events.store.queries.visits import VisitRow, all_visits, open_visits, visit, visits_of_night, visits_to_sweep

__all__ = [
    "GatewayRow",
    "HomeRow",
    "PaperPatrolRow",
    "PaperRow",
    "RecipientRow",
    "SlotRow",
    "StaffRow",
    "UnitRow",
    "VisitRow",
    "all_gateways",
    "all_recipients",
    "all_slots",
    "all_units",
    "all_visits",
    "closed_to_the_camera",
    "gateway",
    "gateways_among",
    "home",
    "home_of_camera",
    "homes_of_gateway",
    "homes_of_recipients",
    "last_heard",
    "latest_planned_night",
    "next_to_act",
    "nights_to_sweep",
    "open_nights",
    "open_visits",
    "paper_patrols",
    "paper_rows",
    "paper_rows_without_slots",
    "proof_of_life",
    "recipient",
    "recipients_of_home",
    "silent_gateways",
    "slot",
    "slots_of_night",
    "staff_member",
    "visit",
    "visits_of_night",
    "visits_to_sweep",
    "worklist",
    "zones",
]
