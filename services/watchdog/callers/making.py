"""The callers that the settings name: one for each way and recipient."""

from events.runtime.settings import BadConfigurationError
from services.watchdog.callers.caller import Caller
from services.watchdog.callers.command import Program
from services.watchdog.callers.mail import Mail
from services.watchdog.callers.sms import Sms
from services.watchdog.callers.webhook import Webhook
from services.watchdog.settings import WatchdogSettings


def callers_of(settings: WatchdogSettings) -> dict[str, Caller]:
    """Every caller by its name. BadConfigurationError when there is none for the first call, or two of one name."""
    callers: list[Caller] = [Webhook(each) for each in settings.webhooks]
    callers += [Mail(each, n) for each in settings.mails for n, _ in enumerate(each.recipients, 1)]
    callers += [Sms(each, n) for each in settings.sms for n, _ in enumerate(each.recipients, 1)]
    callers += [Program(each) for each in settings.commands]
    named = {caller.name: caller for caller in callers}
    if len(named) < len(callers):
        double = next(name for name in named if sum(caller.name == name for caller in callers) > 1)
        raise BadConfigurationError(f"two callers are named {double!r}; each needs a name of its own")
    if not any(caller.joins_at == 1 for caller in callers):
        raise BadConfigurationError(
            "a watchdog that calls nobody is none: give TILLSYN_WEBHOOKS, MAILS, SMS or COMMANDS a caller whose"
            " `joins_at` is 1; see docs/watchdog.md"
        )
    return named
