"""What somebody enters of a recipient is their own word, and tells of what has been."""

from datetime import datetime

from events.envelope import Actor, ActorKind
from services.tillsyn import recipient as recipients
from services.tillsyn.refused import RefusedError


class NotYourWordError(RefusedError):
    """Staff say what they say in their own name."""


class StillToComeError(RefusedError):
    """Nobody has died, and nobody has said yes, at a time that is still to come."""


def require_own_word(actor: Actor, command: recipients.Command, now: datetime) -> None:
    """NotYourWordError where staff name a colleague as who says it; StillToComeError for a death or a yes to come.

    Who told of a death, and who took a consent, may be a colleague of whoever enters it.
    """
    match command:
        case recipients.ReviewAbsence(by=by) | recipients.TakeDeathBack(by=by) | recipients.HandOverDecision(by=by):
            if actor.kind is ActorKind.STAFF and str(by) != actor.id:
                raise NotYourWordError(f"{actor.id} cannot say this for {by}; they enter it themselves")
        case recipients.RecordDeath(at=at) | recipients.GiveConsent(given_at=datetime() as at):
            if at > now:
                raise StillToComeError(f"{at:%F %H:%M} UTC is still to come; it can be entered once it has been")
        case _:
            pass
