"""What no row can know by itself: keys given twice, links to nobody, homes too full, more times than were granted."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date

from events.types.reference import Referred
from services.registering.differences import MOST_IN_A_HOME
from services.registering.paper.problems import Problems
from services.registering.paper.rows import Row
from services.registering.paper.tables import TABLES

Lists = Mapping[str, list[Row]]
"""The rows of each list, by the list's name; none is an empty list."""


def by_list(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The rows, each under the name of its list."""
    lists: dict[str, list[Row]] = {table.name: [] for table in TABLES}
    for row in rows:
        lists[row.table.name].append(row)
    return lists


def check(lists: Lists, registered: Mapping[Referred, Collection[str]], problems: Problems) -> None:
    """Note all that does not fit together. `registered` holds the keys that earlier lists brought."""
    for rule in RULES:
        rule(lists, problems)
    _links(lists, registered, problems)


def _one_unit(lists: Lists, problems: Problems) -> None:
    for row in lists["unit"][1:]:
        row.problem(problems, "a second unit: an import fills one; give the other lists of its own", "name")


def _keys_once(lists: Lists, problems: Problems) -> None:
    for rows in lists.values():
        first: dict[str, Row] = {}
        for row in rows:
            if row.key is None or row.table.refers is Referred.SCHEDULE_ENTRY:
                continue
            if row.key not in first:
                first[row.key] = row
            elif row.table.refers is Referred.CAMERA and row.values.get("home") != first[row.key].values.get("home"):
                where = f"{first[row.key].sheet} row {first[row.key].number}"
                row.problem(problems, f"the camera shows another home in {where}; a camera belongs to one home", "key")
            else:
                where = f"{first[row.key].sheet} row {first[row.key].number}"
                row.problem(problems, f"stands in {where} too: each has a number of its own", "key")


def _one_camera_a_home(lists: Lists, problems: Problems) -> None:
    for row, first in _again(lists["cameras"], "home"):
        if row.key != first.key:
            row.problem(problems, f"has a camera in row {first.number} already; a home has one", "home")
    for row, first in _again(lists["cameras"], "address"):
        row.problem(problems, f"the same address as in row {first.number}: is it the wrong camera?", "address")


def _homes_not_too_full(lists: Lists, problems: Problems) -> None:
    seen: Counter[str] = Counter()
    for row in lists["recipients"]:
        home = row.values.get("home")
        if home is not None:
            seen[home] += 1
            if seen[home] > MOST_IN_A_HOME:
                what = f"recipient number {seen[home]} there; a home has at most {MOST_IN_A_HOME}"
                row.problem(problems, what, "home")


def _homes_lived_in(lists: Lists, problems: Problems) -> None:
    lived_in = {row.values.get("home") for row in lists["recipients"]}
    for row in lists["homes"]:
        if row.key is not None and row.key not in lived_in:
            row.problem(problems, "nobody in the list of recipients lives there; leave it out, or add who does", "key")


def _agreed_for_everybody(lists: Lists, problems: Problems) -> None:
    for name, what in (
        ("schedules", "has no time in the list of schedules; give at least one"),
        ("decisions", "has no row in the list of decisions; nobody is checked on without one"),
    ):
        there = {row.values.get("recipient") for row in lists[name]}
        for row in lists["recipients"]:
            if row.key is not None and row.key not in there:
                row.problem(problems, what, "key")


def _one_agreement_each(lists: Lists, problems: Problems) -> None:
    for name in ("decisions", "consents"):
        for row, first in _again(lists[name], "recipient"):
            what = f"has a row {first.number} too; keep the one that holds now"
            row.problem(problems, what, "recipient")


def _times_apart(lists: Lists, problems: Problems) -> None:
    for column in ("time", "key"):
        seen: dict[tuple[object, object], Row] = {}
        for row in lists["schedules"]:
            mark = (row.values.get("recipient"), row.values.get(column))
            if None in mark:
                continue
            if mark in seen:
                row.problem(problems, f"the recipient has it in row {seen[mark].number} already", column)
            seen.setdefault(mark, row)


def _no_more_times_than_granted(lists: Lists, problems: Problems) -> None:
    times = Counter(row.values.get("recipient") for row in lists["schedules"])
    for row in lists["decisions"]:
        recipient, granted = row.values.get("recipient"), row.values.get("checks_a_night")
        if granted is not None and times[recipient] > granted:
            what = f"the list of schedules has {times[recipient]} times for {recipient}, the decision grants {granted}"
            row.problem(problems, f"{what}: take times away, or ask for another decision", "checks_a_night")


def _ends_after_it_begins(lists: Lists, problems: Problems) -> None:
    for row in lists["decisions"]:
        first, last = row.values.get("from_night"), row.values.get("to_night")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            row.problem(problems, f"the decision would end before it begins, {first}", "to_night")


def _consents_are_taken_by_somebody(lists: Lists, problems: Problems) -> None:
    for row in lists["consents"]:
        if row.values.get("given") and "taken_by" not in row.values:
            row.problem(problems, "is empty: a yes has somebody who took it", "taken_by")


def _order_of_the_chain(lists: Lists, problems: Problems) -> None:
    for row, first in _again(lists["staff"], "chain"):
        row.problem(problems, f"is the place of row {first.number} too; each has one of its own", "chain")
    for row in lists["staff"]:
        if "chain" in row.values and "roles" in row.values and "patrol" not in row.values["roles"]:
            row.problem(problems, "is not on patrol: only who may be sent has a place in the order", "chain")


def _links(lists: Lists, registered: Mapping[Referred, Collection[str]], problems: Problems) -> None:
    listed = {rows[0].table.refers: {row.key for row in rows} for rows in lists.values() if rows}
    named = {table.refers: table for table in TABLES if table.refers is not None}
    for rows in lists.values():
        for row in rows:
            for column in row.table.columns:
                wanted = row.values.get(column.name)
                if column.link is None or wanted is None or wanted in listed.get(column.link, ()):
                    continue
                table = named[column.link]
                if column.link in ON_RECORD_WILL_DO and wanted in registered.get(column.link, ()):
                    continue
                row.problem(problems, f"is not in the list {table.sheets[0]} ({table.sheets[1]})", column.name)


def _again(rows: Iterable[Row], name: str) -> Iterator[tuple[Row, Row]]:
    """Each row whose value in a column an earlier row has, with that row."""
    first: dict[object, Row] = defaultdict()
    for row in rows:
        value = row.values.get(name)
        if value is None:
            continue
        if value in first:
            yield row, first[value]
        first.setdefault(value, row)


ON_RECORD_WILL_DO = (Referred.STAFF, Referred.GATEWAY)
"""What need not be in the lists again once it is registered."""
RULES: tuple[Callable[[Lists, Problems], None], ...] = (
    _one_unit,
    _keys_once,
    _one_camera_a_home,
    _homes_not_too_full,
    _homes_lived_in,
    _agreed_for_everybody,
    _one_agreement_each,
    _times_apart,
    _no_more_times_than_granted,
    _ends_after_it_begins,
    _consents_are_taken_by_somebody,
    _order_of_the_chain,
)
