"""Who lives in a home: those who are checked on, and those who are not but are in the picture too."""

from collections.abc import Sequence
from uuid import UUID

from events.base import Event
from events.types import home as happened
from services.tillsyn.home import commands as asked
from services.tillsyn.home.errors import HomeFullError, NoSuchCohabitantError
from services.tillsyn.home.state import Home

MOST_RECIPIENTS = 2


def decide_people(home: Home, id_: UUID, command: asked.PeopleCommand) -> Sequence[Event]:
    """The events that follow from somebody moving, or from a cohabitant's yes or no."""
    match command:
        case asked.MoveIn(recipient):
            return _move_in(home, id_, recipient)
        case asked.MoveOut(recipient):
            if recipient not in home.recipients:
                return []
            return [happened.RecipientMovedOut(home=id_, recipient=recipient)]
        case asked.CohabitantMovesIn(cohabitant, name):
            if cohabitant in home.cohabitants:
                return []
            return [happened.CohabitantMovedIn(home=id_, cohabitant=cohabitant, name=name)]
        case asked.CohabitantMovesOut(cohabitant):
            if cohabitant not in home.cohabitants:
                return []
            return [happened.CohabitantMovedOut(home=id_, cohabitant=cohabitant)]
        case asked.CohabitantConsents():
            return _consents(home, id_, command)
        case asked.CohabitantWithdraws(cohabitant, reason):
            known = home.cohabitants.get(cohabitant)
            if known is None or known.consent is None:
                return []
            consent = known.consent
            return [
                happened.CohabitantConsentWithdrawn(home=id_, cohabitant=cohabitant, consent=consent, reason=reason)
            ]


def _move_in(home: Home, id_: UUID, recipient: UUID) -> Sequence[Event]:
    if recipient in home.recipients:
        return []
    if len(home.recipients) >= MOST_RECIPIENTS:
        living = ", ".join(map(str, home.recipients))
        raise HomeFullError(f"{living} are checked on in home {id_}; {MOST_RECIPIENTS} at most are")
    return [happened.RecipientMovedIn(home=id_, recipient=recipient)]


def _consents(home: Home, id_: UUID, command: asked.CohabitantConsents) -> Sequence[Event]:
    known = home.cohabitants.get(command.cohabitant)
    if known is None:
        raise NoSuchCohabitantError(f"{command.cohabitant} does not live in home {id_}; enter that they moved in first")
    if known.consent == command.consent and known.scope == command.scope:
        return []
    return [
        happened.CohabitantConsentGiven(
            home=id_,
            cohabitant=command.cohabitant,
            consent=command.consent,
            scope=command.scope,
            given_how=command.given_how,
            given_at=command.given_at,
            taken_by=command.taken_by,
        )
    ]
