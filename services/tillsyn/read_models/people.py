"""Rows of units, staff, gateways and recipients; those of homes stand in `home`."""

from collections.abc import Iterable
from typing import Any

from events.envelope import Recorded
from events.store import Put, RowWrite, Set
from events.types import recipient, unit
from services.tillsyn.read_models.home import home_rows, sealed


def people_rows(recorded: Recorded) -> Iterable[RowWrite]:
    """The rows that an event of a unit, a person, a gateway or a home changes."""
    owner = {"organisation": recorded.context.owner.organisation, "unit": recorded.context.owner.unit}
    match recorded.event:
        case unit.UnitRegistered(unit=id_, name=name, zone=zone):
            return [Put("units", id_, {**owner, "name": name, "zone": zone})]
        case unit.StaffRegistered(staff=id_, roles=roles, name=name):
            row = {"roles": " ".join(roles), "name": sealed(name), "name_event": recorded.id}
            lasting = {"organisation": owner["organisation"], "holds_from": recorded.context.time, "agency": False}
            rights = [Put("staff_roles", (id_, owner["unit"], role), lasting) for role in roles]
            return [Put("staff", id_, {**owner, **row}), *rights]
        case unit.GatewayRegistered(gateway=id_, public_key=public_key):
            return [Put("gateways", id_, {**owner, "public_key": public_key, "online": False})]
        case unit.GatewayStateChanged(gateway=id_, online=online):
            return [Set("gateways", id_, {"online": online})]
        case _:
            return [*home_rows(recorded), *_recipient(recorded, owner)]


def _recipient(recorded: Recorded, owner: dict[str, Any]) -> Iterable[RowWrite]:
    match recorded.event:
        case recipient.RecipientRegistered(recipient=id_, home=lives_in, name=name):
            row = {"home": lives_in, "name": sealed(name), "name_event": recorded.id, "paused": False}
            return [Put("recipients", id_, {**owner, **row})]
        case recipient.DecisionGranted(recipient=id_, from_night=first, to_night=last):
            granted = {
                "decision_from": first,
                "decision_to": last,
                "decision_ended_at": None,
                "decision_handed_to": None,
            }
            return [Set("recipients", id_, granted)]
        case recipient.DecisionEnded(recipient=id_, from_instant=instant):
            return [Set("recipients", id_, {"decision_ended_at": instant})]
        case recipient.ConsentGiven(recipient=id_, consent=consent):
            return [Set("recipients", id_, {"consent": consent})]
        case recipient.ConsentWithdrawn(recipient=id_):
            return [Set("recipients", id_, {"consent": None})]
        case recipient.CameraPaused(recipient=id_):
            return [Set("recipients", id_, {"paused": True})]
        case recipient.CameraResumed(recipient=id_):
            return [Set("recipients", id_, {"paused": False})]
        case _:
            return _whereabouts(recorded)


def _whereabouts(recorded: Recorded) -> Iterable[RowWrite]:
    match recorded.event:
        case recipient.AbsenceReported(recipient=id_, review_at=review_at):
            return [Set("recipients", id_, {"review_at": review_at})]
        case recipient.AbsenceReviewed(recipient=id_, review_at=review_at):
            return [Set("recipients", id_, {"review_at": review_at})]
        case recipient.AbsenceEnded(recipient=id_):
            return [Set("recipients", id_, {"review_at": None})]
        case recipient.RecipientDied(recipient=id_, at=at):
            return [Set("recipients", id_, {"died_at": at})]
        case recipient.DeathTakenBack(recipient=id_):
            return [Set("recipients", id_, {"died_at": None})]
        case recipient.RecipientMoved(recipient=id_, to_home=lives_in):
            return [Set("recipients", id_, {"home": lives_in, "consent": None, "paused": False})]
        case recipient.DecisionEndWarned(recipient=id_, decision=decision):
            return [Set("recipients", id_, {"decision_warned": decision})]
        case recipient.DecisionHandedOver(recipient=id_, to=to):
            return [Set("recipients", id_, {"decision_handed_to": to})]
        case _:
            return []
