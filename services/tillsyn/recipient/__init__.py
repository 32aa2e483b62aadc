"""The recipient: decision, consent, pauses, absences and schedule — whether and when somebody may look."""

from services.tillsyn.recipient.commands import (
    Command,
    EndAbsence,
    EndDecision,
    GiveConsent,
    GrantDecision,
    HandOverDecision,
    Move,
    PauseCamera,
    RecordDeath,
    Register,
    ReportAbsence,
    ResumeCamera,
    ReviewAbsence,
    SetSchedule,
    TakeDeathBack,
    WarnOfEnd,
    WithdrawConsent,
)
from services.tillsyn.recipient.decide import decide
from services.tillsyn.recipient.granting import ConcernedDecision, DecisionConcern, decision_concerns
from services.tillsyn.recipient.state import EMPTY, Recipient, evolve, stream_of

__all__ = [
    "EMPTY",
    "Command",
    "ConcernedDecision",
    "DecisionConcern",
    "EndAbsence",
    "EndDecision",
    "GiveConsent",
    "GrantDecision",
    "HandOverDecision",
    "Move",
    "PauseCamera",
    "Recipient",
    "RecordDeath",
    "Register",
    "ReportAbsence",
    "ResumeCamera",
    "ReviewAbsence",
    "SetSchedule",
    "TakeDeathBack",
    "WarnOfEnd",
    "WithdrawConsent",
    "decide",
    "decision_concerns",
    "evolve",
    "stream_of",
]
