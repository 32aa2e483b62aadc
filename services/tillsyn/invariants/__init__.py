"""What must never break: one rule a file, judged on folded state. Run by `tillsyn verify`, by tests, by the service."""

from services.tillsyn.invariants import (
    alarms_do_not_fade,
    cameras_are_tested_by_two,
    cameras_have_one_home,
    cameras_stay_shut,
    carers_leave_with_their_visit,
    incidents_are_asked_about,
    looks_have_grants,
    nights_are_planned,
    no_escalation_fades,
    no_silent_miss,
    nobody_is_sent_to_the_dead,
    offline_lists_arrive,
    reopened_slots_are_not_left_out,
    rows_agree_with_log,
    slots_end_once,
    slots_open_before_they_are_done,
    streams_can_be_folded,
    versions_without_gaps,
    who_has_gone_owns_nothing,
)
from services.tillsyn.invariants.world import Breach, Rule, World, read_world

RULES: tuple[Rule, ...] = (
    no_silent_miss.RULE,
    no_escalation_fades.RULE,
    nobody_is_sent_to_the_dead.RULE,
    incidents_are_asked_about.RULE,
    alarms_do_not_fade.RULE,
    who_has_gone_owns_nothing.RULE,
    slots_end_once.RULE,
    reopened_slots_are_not_left_out.RULE,
    slots_open_before_they_are_done.RULE,
    looks_have_grants.RULE,
    cameras_stay_shut.RULE,
    cameras_have_one_home.RULE,
    cameras_are_tested_by_two.RULE,
    carers_leave_with_their_visit.RULE,
    nights_are_planned.RULE,
    offline_lists_arrive.RULE,
    streams_can_be_folded.RULE,
    versions_without_gaps.RULE,
    rows_agree_with_log.RULE,
)
"""Every rule, the most important first."""

__all__ = ["RULES", "Breach", "Rule", "World", "read_world"]
