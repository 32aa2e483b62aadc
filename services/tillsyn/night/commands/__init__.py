"""What can be asked of a night. `at` is when it is asked (aware, UTC); `by` is the member of staff who asks."""

from services.tillsyn.night.commands.course import (
    PlanNight,
    RecordCovered,
    RecordVisitArrived,
    RecordVisitClosed,
    RecordVisitDone,
    Sweep,
)
from services.tillsyn.night.commands.looking import (
    Claim,
    GiveUpCamera,
    GrantLook,
    RaiseConcern,
    RecordFailed,
    RecordServed,
    Release,
    ReportDue,
    ReportNoPicture,
    SayAllWell,
    SayNotSeen,
    SaySeenUncertain,
    UndoAllWell,
)
from services.tillsyn.night.commands.second_thoughts import CancelSlot, RaiseManualAlarm, ReopenSlot, ReviewLook
from services.tillsyn.night.commands.standing import Apply, Cancelled, MoveNight, Restriction, Returned

Command = (
    PlanNight
    | ReportDue
    | ReportNoPicture
    | Claim
    | Release
    | GrantLook
    | RecordServed
    | RecordFailed
    | SayAllWell
    | UndoAllWell
    | SayNotSeen
    | SaySeenUncertain
    | RaiseConcern
    | GiveUpCamera
    | ReopenSlot
    | CancelSlot
    | RecordVisitClosed
    | RaiseManualAlarm
    | ReviewLook
    | Apply
    | Returned
    | MoveNight
    | RecordVisitArrived
    | RecordVisitDone
    | RecordCovered
    | Sweep
)

__all__ = [
    "Apply",
    "CancelSlot",
    "Cancelled",
    "Claim",
    "Command",
    "GiveUpCamera",
    "GrantLook",
    "MoveNight",
    "PlanNight",
    "RaiseConcern",
    "RaiseManualAlarm",
    "RecordCovered",
    "RecordFailed",
    "RecordServed",
    "RecordVisitArrived",
    "RecordVisitClosed",
    "RecordVisitDone",
    "Release",
    "ReopenSlot",
    "ReportDue",
    "ReportNoPicture",
    "Restriction",
    "Returned",
    "ReviewLook",
    "SayAllWell",
    "SayNotSeen",
    "SaySeenUncertain",
    "Sweep",
    "UndoAllWell",
]
