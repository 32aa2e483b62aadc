"""What a gateway's reports lead to: kept whenever they come, acted on while the slot is open, and once only."""

from collections.abc import Sequence
from datetime import datetime

from events.base import Event
from events.schedule import SlotKind
from events.types.night import CheckDueReported, LateReportReceived, PictureMissing
from services.tillsyn.night import commands as asked
from services.tillsyn.night.slot import Slot
from services.tillsyn.night.state import Night

LAST_ATTEMPT = 2
"""A gateway retries once; failures reported of further attempts buy no time."""


def report_came(night: Night, slot: Slot, report: asked.ReportDue | asked.ReportNoPicture) -> Sequence[Event]:
    kind = report.reason.value if isinstance(report, asked.ReportNoPicture) else "due"
    if (report.attempt, kind) in slot.heard:
        return []
    if not slot.open or slot.kind is SlotKind.VISIT:
        late = LateReportReceived(slot=slot.id, attempt=report.attempt, report=kind, reported_at=report.at)
        return [late]
    until = _escalates_after(night, slot, report)
    if isinstance(report, asked.ReportDue):
        due = CheckDueReported(slot=slot.id, attempt=report.attempt, quality=report.quality, escalates_at=until)
        return [due]
    missing = PictureMissing(
        slot=slot.id, attempt=report.attempt, reason=report.reason, fault=report.fault, escalates_at=until
    )
    return [missing]


def _escalates_after(night: Night, slot: Slot, report: asked.ReportDue | asked.ReportNoPicture) -> datetime:
    """When the slot is escalated if nobody settles it.

    An attempt older than one already known decides nothing, nor does a report held up until a second look, a second
    opinion, a reopening or a delay was decided, nor a failure after the last attempt. Of two reports of one attempt
    (the gateway was restarted in the middle of it) the worse counts, whichever comes first.
    """
    failed = isinstance(report, asked.ReportNoPicture)
    counted = [attempt for attempt, trouble in slot.reports.items() if attempt <= LAST_ATTEMPT or trouble is None]
    looked_at = slot.second_look_at or slot.answer_by or slot.reopened_at
    if looked_at is not None or slot.delayed or (failed and report.attempt > LAST_ATTEMPT):
        return slot.escalates_at
    if report.attempt < max(counted, default=0):
        return slot.escalates_at
    contradicted = slot.reports.get(report.attempt) is not None
    if not failed:
        return slot.escalates_at if contradicted else slot.deadline
    rules = night.rules
    wait = rules.trouble_grace if report.attempt > 1 else rules.retry_after + rules.trouble_grace
    until = min(slot.deadline, max(report.at, slot.plan.due_at) + wait)
    return min(until, slot.escalates_at) if contradicted else until
