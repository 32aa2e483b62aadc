"""From an event's data as an earlier version wrote them to what the next version reads. Plain JSON in and out."""

from typing import Any

from events.registry import Upcaster


def _as_it_is(data: dict[str, Any]) -> dict[str, Any]:
    """Fields came to it, with defaults that say what was true before they were there; or words that a field may say."""
    return data


def _in_use(data: dict[str, Any]) -> dict[str, Any]:
    """Linked before a test was asked for: the camera was in use from then on."""
    return {**data, "commissioned": True}


_FIELDS_CAME = (
    "check.due",
    "check.no-usable-picture",
    "check.camera-unreachable",
    "unit.registered",
    "unit.rules-changed",
    "recipient.consent-given",
    "recipient.absence-reported",
    "recipient.absence-ended",
    "recipient.schedule-set",
    "night.check-due-reported",
    "night.planned",
    "night.look-granted",
    "night.slot-cancelled",
    "visit.requested",
    "visit.assigned",
    "visit.acknowledged",
    "visit.arrived",
    "visit.limit-passed",
    "visit.completed",
)
_FIELDS_CAME_AGAIN = ("visit.arrived",)

UPCASTERS: dict[tuple[str, int], Upcaster] = {
    ("home.camera-linked", 1): _in_use,
    **{(name, 1): _as_it_is for name in _FIELDS_CAME},
    **{(name, 2): _as_it_is for name in _FIELDS_CAME_AGAIN},
}
"""Of each type and old version, the step to the version after it."""
