"""The ways of calling: webhook, mail, SMS gateway, a program. One that fails stops no other."""

from services.watchdog.callers.caller import Caller, CallFailedError, deliver
from services.watchdog.callers.making import callers_of

__all__ = ["CallFailedError", "Caller", "callers_of", "deliver"]
