"""Rows of alarms and notices."""

from collections.abc import Iterable

from events.envelope import Recorded
from events.store import Put, RowWrite, Set
from events.types import alarm, notice


def alarm_rows(recorded: Recorded) -> Iterable[RowWrite]:
    """The rows that an event of an alarm changes."""
    match recorded.event:
        case alarm.AlarmRaised() as raised:
            return [Put("alarms", raised.alarm, _raised(recorded, raised))]
        case alarm.AlarmAcknowledged(alarm=id_, by=by, mend_by=until):
            return [Set("alarms", id_, {"state": "acknowledged", "owner": by, "act_at": until})]
        case alarm.AlarmRepeated(alarm=id_, repeats=repeats, answer_by=until):
            return [Set("alarms", id_, {"state": "open", "repeats": repeats, "act_at": until})]
        case alarm.AlarmHandedOver(alarm=id_, to=to):
            return [Set("alarms", id_, {"owner": to})]
        case alarm.AlarmDisowned(alarm=id_, answer_by=until):
            return [Set("alarms", id_, {"state": "open", "owner": None, "act_at": until})]
        case alarm.AlarmCleared(alarm=id_):
            return [Set("alarms", id_, {"state": "cleared", "act_at": None, "cleared_at": recorded.context.time})]
        case _:
            return []


def notice_rows(recorded: Recorded) -> Iterable[RowWrite]:
    """The rows that a notice changes."""
    owner = {"organisation": recorded.context.owner.organisation, "unit": recorded.context.owner.unit}
    at = recorded.context.time
    match recorded.event:
        case notice.NoticeSent() as sent:
            about = {"recipient": sent.recipient, "home": sent.home, "about": sent.about}
            row = {"kind": sent.kind.value, "to_role": sent.to_role, "sent_at": at, **about}
            return [Put("notices", sent.notice, {**owner, **row})]
        case notice.NoticeRead(notice=id_, by=by):
            return [Set("notices", id_, {"read_by": by, "read_at": at})]
        case _:
            return []


def _raised(recorded: Recorded, raised: alarm.AlarmRaised) -> dict[str, object]:
    owner = recorded.context.owner
    return {
        "organisation": owner.organisation,
        "unit": owner.unit,
        "kind": raised.kind.value,
        "cause": raised.cause,
        "role": raised.role,
        "recipient": raised.recipient,
        "home": raised.home,
        "state": "open",
        "raised_at": recorded.context.time,
        "repeats": 0,
        "act_at": raised.answer_by,
    }
