"""The recipient: decision, consent, pauses, absences and schedule — whether and when somebody may look."""

from services.tillsyn.recipient.decide import (
    Command,
    EndAbsence,
    EndDecision,
    GiveConsent,
    GrantDecision,
    PauseCamera,
    Register,
    ReportAbsence,
    ResumeCamera,
    SetSchedule,
    WithdrawConsent,
    decide,
)
from services.tillsyn.recipient.state import EMPTY, Recipient, evolve, stream_of

__all__ = [
    "EMPTY",
    "Command",
    "EndAbsence",
    "EndDecision",
    "GiveConsent",
    "GrantDecision",
    "PauseCamera",
    "Recipient",
    "Register",
    "ReportAbsence",
    "ResumeCamera",
    "SetSchedule",
    "WithdrawConsent",
    "decide",
    "evolve",
    "stream_of",
]
