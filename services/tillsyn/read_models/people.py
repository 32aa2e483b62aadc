"""Rows of units, staff, gateways, homes and recipients."""

import json
from collections.abc import Iterable
from typing import Any

from events.envelope import Recorded
from events.personal import Personal
from events.store import Put, RowWrite, Set
from events.types import home, recipient, unit


def people_rows(recorded: Recorded) -> Iterable[RowWrite]:
    """The rows that an event of a unit, a person, a gateway or a home changes."""
    owner = {"organisation": recorded.context.owner.organisation, "unit": recorded.context.owner.unit}
    match recorded.event:
        case unit.UnitRegistered(unit=id_, name=name, zone=zone):
            return [Put("units", id_, {**owner, "name": name, "zone": zone})]
        case unit.StaffRegistered(staff=id_, roles=roles, name=name):
            row = {"roles": " ".join(roles), "name": _sealed(name), "name_event": recorded.id}
            lasting = {"organisation": owner["organisation"], "holds_from": recorded.context.time, "agency": False}
            rights = [Put("staff_roles", (id_, owner["unit"], role), lasting) for role in roles]
            return [Put("staff", id_, {**owner, **row}), *rights]
        case unit.GatewayRegistered(gateway=id_, public_key=public_key):
            return [Put("gateways", id_, {**owner, "public_key": public_key, "online": False})]
        case unit.GatewayStateChanged(gateway=id_, online=online):
            return [Set("gateways", id_, {"online": online})]
        case home.HomeRegistered() as registered:
            row = {
                "address": _sealed(registered.address),
                "address_event": recorded.id,
                "risk_class": registered.risk_class.value,
                "outage_agreement": registered.outage_agreement.value,
            }
            return [Put("homes", registered.home, {**owner, **row})]
        case home.CameraLinked(home=id_, camera=camera, gateway=gateway):
            return [Set("homes", id_, {"camera": camera, "gateway": gateway})]
        case home.CameraUnlinked(home=id_):
            return [Set("homes", id_, {"camera": None, "gateway": None})]
        case home.CarerArrived(home=id_, by=by):
            return [Set("homes", id_, {"carer": by})]
        case home.CarerLeft(home=id_):
            return [Set("homes", id_, {"carer": None})]
        case _:
            return _recipient(recorded, owner)


def _recipient(recorded: Recorded, owner: dict[str, Any]) -> Iterable[RowWrite]:
    match recorded.event:
        case recipient.RecipientRegistered(recipient=id_, home=lives_in, name=name):
            row = {"home": lives_in, "name": _sealed(name), "name_event": recorded.id, "paused": False}
            return [Put("recipients", id_, {**owner, **row})]
        case recipient.DecisionGranted(recipient=id_, from_night=first, to_night=last):
            granted = {"decision_from": first, "decision_to": last, "decision_ended_at": None}
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
            return []


def _sealed(personal: Personal[str]) -> str:
    return json.dumps(personal.to_json())
