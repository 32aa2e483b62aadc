"""Rows of homes, their cameras, and the looks in a camera's test."""

import json
from collections.abc import Iterable

from events.envelope import Recorded
from events.looks.grant import LookPurpose
from events.personal import Personal
from events.store import Delete, Put, RowWrite, Set
from events.types import home


def home_rows(recorded: Recorded) -> Iterable[RowWrite]:
    """The rows that an event of a home changes."""
    match recorded.event:
        case home.HomeRegistered() as registered:
            row = {
                "organisation": recorded.context.owner.organisation,
                "unit": recorded.context.owner.unit,
                "address": sealed(registered.address),
                "address_event": recorded.id,
                "risk_class": registered.risk_class.value,
                "outage_agreement": registered.outage_agreement.value,
            }
            return [Put("homes", registered.home, row)]
        case home.HomePlaced(home=id_, area=area):
            return [Set("homes", id_, {"area": area})]
        case home.OutageAgreed(home=id_, risk_class=risk, outage_agreement=outage):
            return [Set("homes", id_, {"risk_class": risk.value, "outage_agreement": outage.value})]
        case home.KeyCodeEntered(home=id_, code=code):
            return [Set("homes", id_, {"key_code": sealed(code), "key_code_event": recorded.id})]
        case home.CamerasStopped(home=id_, because=because):
            return [Set("homes", id_, {"stopped": because.value})]
        case home.CamerasAllowed(home=id_):
            return [Set("homes", id_, {"stopped": None})]
        case home.CarerArrived(home=id_, by=by):
            return [Set("homes", id_, {"carer": by})]
        case home.CarerLeft(home=id_):
            return [Set("homes", id_, {"carer": None})]
        case home.HomeClosed(home=id_):
            return [Set("homes", id_, {"closed": True, "camera": None, "gateway": None})]
        case home.RecipientMovedIn(home=id_):
            return [Set("homes", id_, {"closed": None})]
        case _:
            return _cameras(recorded)


def _cameras(recorded: Recorded) -> Iterable[RowWrite]:
    match recorded.event:
        case home.CameraLinked(home=id_, camera=camera, gateway=gateway, sees=sees, commissioned=in_use):
            row = {
                "organisation": recorded.context.owner.organisation,
                "unit": recorded.context.owner.unit,
                "home": id_,
                "gateway": gateway,
                "sees": " ".join(map(str, sees)),
                "commissioned": in_use,
            }
            return [Set("homes", id_, {"camera": camera, "gateway": gateway}), Put("cameras", camera, row)]
        case home.CameraUnlinked(home=id_, camera=camera):
            return [Set("homes", id_, {"camera": None, "gateway": None}), Delete("cameras", camera)]
        case home.CameraCommissioned(camera=camera):
            return [Set("cameras", camera, {"commissioned": True})]
        case home.CommissioningLookGranted(look=look, commissioning=test, by=by, camera=camera, valid_from=valid_from):
            row = {
                "organisation": recorded.context.owner.organisation,
                "unit": recorded.context.owner.unit,
                "slot": test,
                "staff": by,
                "camera": camera,
                "granted_at": valid_from,
                "purpose": LookPurpose.COMMISSIONING.value,
            }
            return [Put("looks", look, row)]
        case home.CommissioningLookServed(look=look, taken_at=taken_at):
            return [Set("looks", look, {"served_at": taken_at, "frames": 1})]
        case _:
            return []


def sealed(personal: Personal[str]) -> str:
    """A personal field as a row keeps it."""
    return json.dumps(personal.to_json())
