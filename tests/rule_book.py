"""``python -m tests.rule_book``: docs/rules.md and docs/regler.md, the rules of a night as their tests name them.

Every test in `tests/services/tillsyn/rules` and in the files of `TOGETHER` is named after the rule that it holds; its
file is a chapter and a line ``# Like this.`` between tests a section. The Swedish sentences stand in
`docs/regler.toml`; one that is missing there, or of no test any more, fails `--check`.
"""

import ast
import sys
import tomllib
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SERVICES = ROOT / "tests" / "services"
RULES = SERVICES / "tillsyn" / "rules"
SWEDISH = ROOT / "docs" / "regler.toml"
CHAPTERS = (
    "recipient",
    "agreed_plans",
    "home",
    "unit",
    "night_desk",
    "night_reports",
    "night_failed_looks",
    "night_second_look",
    "night_uncertain",
    "night_together",
    "night_restrictions",
    "night_ends",
    "night_reopened",
    "night_alarm",
    "night_sweep",
    "visit",
    "visit_planned",
    "visit_troubles",
    "visit_troubles_end",
    "patrol",
    "incident",
    "incident_homes",
    "staff",
    "shift",
    "alarm",
    "notice",
    "load",
    "plan_concerns",
    "dead_letter",
)
"""The chapters that come first, in this order; those that are not named here come after them, by name."""
WITHOUT_RULES = ("machine", "whole_night", "sealed")
"""Files that try rules out together; the rules themselves stand elsewhere."""
TOGETHER = (
    "tillsyn/test_households.py",
    "tillsyn/test_away.py",
    "tillsyn/test_two_recipients.py",
    "tillsyn/test_manual_alarm.py",
    "tillsyn/test_manual_alarm_reviewed.py",
    "tillsyn/test_looked_at_again.py",
    "tillsyn/test_reopening.py",
    "tillsyn/test_visits.py",
    "tillsyn/test_presence.py",
    "tillsyn/test_patrols.py",
    "tillsyn/test_patrols_go_home.py",
    "tillsyn/test_incidents.py",
    "tillsyn/test_incidents_pass.py",
    "tillsyn/test_staffing.py",
    "tillsyn/test_coming_and_going.py",
    "tillsyn/test_unstaffed.py",
    "tillsyn/test_alarms.py",
    "tillsyn/test_device_alarms.py",
    "tillsyn/test_notices.py",
    "tillsyn/test_watches.py",
    "tillsyn/test_organisations_apart.py",
    "watchdog/test_rules.py",
    "offline_list/test_lists.py",
    "offline_list/test_rounds.py",
)
"""Below `SERVICES`, in the book's order after the others: rules that policies, watches and the desk hold together."""
NO_RULES = frozenset(
    {
        "test_every_public_method_of_the_desk_is_tried_across_the_border",
        "test_each_side_can_do_its_own",
        "test_an_id_of_a_unit_that_is_taken_stays_with_its_organisation",
        "test_two_sweepers_say_it_once",
        "test_two_watches_say_it_once",
        "test_two_watches_raise_it_once",
        "test_the_running_watch_wakes_when_the_limit_passes",
        "test_an_idle_watch_asks_nothing_between_its_times",
        "test_a_command_decided_before_the_role_was_ended_cannot_be_kept_after_it",
        "test_a_grant_decided_before_the_others_no_cannot_be_kept_after_it",
        "test_a_claim_that_was_decided_before_a_colleague_claimed_the_other_cannot_be_kept",
        "test_a_night_knows_which_slots_somebody_covered",
        "test_what_is_done_next",
        "test_nobody_reopens_without_a_reason",
        "test_who_does_not_have_the_lease_makes_nothing",
        "test_of_several_processes_one_makes_the_lists",
        "test_a_first_single_round_without_a_beginning_counts_from_that_round",
        "test_an_answer_of_a_call_that_nobody_waits_for_changes_nothing",
    }
)
"""Tests in those files about processes, databases or the tests themselves, or telling what another chapter tells."""
KEPT = {
    "sql": "SQL",
    "nats": "NATS",
    "112": "112",
    "everybodys": "everybody's",
    "somebodys": "somebody's",
    "anothers": "another's",
}
"""Words that a name cannot spell, as they are written."""

HEADS = {
    "en": (
        "# The rules of a night",
        "What the system does and what it refuses, rule by rule. Each rule is the name of a test that holds it. "
        "`make docs` writes this page; [på svenska](regler.md).",
    ),
    "sv": (
        "# Nattens regler",
        "Vad systemet gör och vad det vägrar, regel för regel. Varje regel är ett prov som ser till att den följs. "
        "`make docs` skriver sidan; [in English](rules.md).",
    ),
}


@dataclass(frozen=True)
class Section:
    """A run of rules under one heading; the first of a chapter has none."""

    heading: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """One file of tests: its title and its sections."""

    title: str
    sections: tuple[Section, ...]

    def sentences(self) -> Iterator[str]:
        """Everything in it that is to be translated."""
        yield self.title
        for section in self.sections:
            yield from filter(None, (section.heading, *section.rules))


def chapters() -> list[Chapter]:
    """Every chapter, in the book's order."""
    files = [path for path in RULES.glob("test_*.py") if not any(word in path.stem for word in WITHOUT_RULES)]
    together = [_chapter(SERVICES / name, without=NO_RULES) for name in TOGETHER]
    return [*(_chapter(path) for path in sorted(files, key=_place)), *together]


def page(language: str, book: list[Chapter], swedish: dict[str, str]) -> str:
    """The page in a language."""

    def said(sentence: str) -> str:
        return sentence if language == "en" else swedish.get(sentence, sentence)

    lines = [*HEADS[language][:1], "", HEADS[language][1], ""]
    for chapter in book:
        lines += [f"## {said(chapter.title)}", ""]
        for section in chapter.sections:
            lines += [f"**{said(section.heading)}**", ""] if section.heading else []
            lines += [*(f"- {said(rule)}" for rule in section.rules), ""]
    return "\n".join(lines).rstrip() + "\n"


def untranslated(book: list[Chapter], swedish: dict[str, str]) -> tuple[list[str], list[str]]:
    """Sentences that have no Swedish, and Swedish that has no sentence."""
    wanted = dict.fromkeys(sentence for chapter in book for sentence in chapter.sentences())
    return [one for one in wanted if one not in swedish], [one for one in swedish if one not in wanted]


def _place(path: Path) -> tuple[int, str]:
    name = path.stem.removeprefix("test_")
    return (CHAPTERS.index(name) if name in CHAPTERS else len(CHAPTERS), name)


def _chapter(path: Path, without: Set[str] = frozenset()) -> Chapter:
    text = path.read_text()
    tree = ast.parse(text)
    title = (ast.get_docstring(tree) or path.stem).split("\n\n")[0].replace("\n", " ").rstrip(".")
    headings = {
        number: line.removeprefix("# ").rstrip(".")
        for number, line in enumerate(text.splitlines(), 1)
        if line.startswith("# ") and line.endswith(".") and line[2:3].isupper()
    }
    sections: dict[str, list[str]] = {"": []}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_rule(node.name, without):
            above = [heading for line, heading in headings.items() if line < node.lineno]
            sections.setdefault(above[-1] if above else "", []).append(_sentence(node.name))
    return Chapter(title, tuple(Section(heading, tuple(rules)) for heading, rules in sections.items() if rules))


def _is_rule(name: str, without: Set[str]) -> bool:
    return name.startswith("test_") and name not in without


def _sentence(name: str) -> str:
    words = [KEPT.get(word, word) for word in name.removeprefix("test_").split("_")]
    text = " ".join(words)
    return text[:1].upper() + text[1:] + "."


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check say what is not as the tests have it."""
    book, swedish = chapters(), tomllib.loads(SWEDISH.read_text()) if SWEDISH.exists() else {}
    pages = {"rules.md": page("en", book, swedish), "regler.md": page("sv", book, swedish)}
    missing, left_over = untranslated(book, swedish)
    if "--check" not in arguments:
        for name, text in pages.items():
            (ROOT / "docs" / name).write_text(text)
        for sentence in missing:
            print(f"docs/regler.toml has no Swedish for: {sentence}", file=sys.stderr)
        return 0
    stale = [name for name, text in pages.items() if (ROOT / "docs" / name).read_text() != text]
    for complaint in (
        *(f"docs/{name} is not what the tests say: run `make docs`" for name in stale),
        *(f"docs/regler.toml has no Swedish for: {sentence}" for sentence in missing),
        *(f"docs/regler.toml translates what no test says: {sentence}" for sentence in left_over),
    ):
        print(complaint, file=sys.stderr)
    return 1 if stale or missing or left_over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
