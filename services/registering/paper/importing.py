"""An import, in order: read, checked row by row and together, held against the log, and only then entered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from events.runtime.settings import BadConfigurationError
from events.store import queries
from events.types.reference import Referred
from events.types.unit import GatewayRegistered, UnitRegistered
from services.registering.description import Description
from services.registering.differences import Differences, Refusal, Step, differences
from services.registering.entering import enter_steps
from services.registering.gateways import gateway_keys, seed_file, write_gateways
from services.registering.paper.assembling import Assembling, Unit
from services.registering.paper.checks import Lists, by_list, check
from services.registering.paper.problems import Problem, Problems
from services.registering.paper.reading import Sheet, read_sheets
from services.registering.paper.references import ImportedMeanwhileError, References
from services.registering.paper.rows import Row, read_rows
from services.registering.paper.values import folded
from services.settings import TillsynSettings
from services.tillsyn import unit as units
from services.tillsyn.kinds import RECIPIENT, UNIT
from services.tillsyn.ledger import Ledger
from services.tillsyn.recipient import stream_of as recipient_stream


@dataclass(frozen=True, slots=True)
class Found:
    """What an import would do, and what stands against it."""

    sheets: tuple[Sheet, ...]
    examples: int
    """Rows of the template that were left out."""
    problems: tuple[Problem, ...]
    """The first of them; `count` says how many there are."""
    count: int
    held_against_log: bool = False
    """Whether it came to that: not while the lists themselves have problems."""
    steps: tuple[Step, ...] = ()
    rows: tuple[tuple[UUID, Row], ...] = ()
    new: frozenset[UUID] = frozenset()
    """Ids that were made for this import, and are kept only when it is entered."""
    without_number: int = 0
    """Recipients of the unit that were registered otherwise: lists cannot speak of them."""

    def what(self, step: Step, *, entered: bool) -> str:
        """A step in words, with the row that asks for it; an id that is not kept is not shown."""
        words = step.what if entered else " ".join(_kept(word, self.new) for word in step.what.split(" "))
        row = dict(self.rows).get(step.about)
        return words if row is None else f"{words} ({row.sheet} row {row.number})"


class Import:
    """The lists in some files, held against a log."""

    def __init__(self, settings: TillsynSettings, ledger: Ledger) -> None:
        self._settings = settings
        self._ledger = ledger
        self._problems = Problems()
        self._description: Description | None = None
        self._references: References | None = None
        self._registered_before = False

    async def find(self, paths: Sequence[Path]) -> Found:
        """Everything that would be entered, and every problem; nothing is written."""
        sheets = read_sheets(paths, self._problems)
        rows, examples = read_rows(sheets, self._problems)
        if not rows and not len(self._problems):
            raise BadConfigurationError("the lists have no rows but headings and examples; there is nothing to import")
        lists = by_list(rows)
        unit = await self._unit(lists)
        at_hand = tuple(sheets)
        if unit is None:
            check(lists, {}, self._problems)
            return self._found(at_hand, examples)
        self._registered_before = unit.registered
        self._references = await References.load(unit.id, self._ledger)
        self._references.also(Referred.STAFF, unit.staff)
        self._references.also(Referred.GATEWAY, unit.gateways)
        unnamed = await self._without_number(unit.id)
        check(lists, self._references.keys(), self._problems)
        assembling = Assembling(unit, lists, self._references, self._problems)
        self._description = assembling.description()
        await self._require_no_silent_withdrawal(lists)
        if self._description is None or len(self._problems):
            return self._found(at_hand, examples)
        keys = gateway_keys(self._description, self._settings.data, make=False)
        steps = []
        async for found in Differences(self._description, self._ledger, keys).found():
            if isinstance(found, Refusal):
                self._refused(found, assembling.rows.get(found.about))
            else:
                steps.append(found)
        result = self._found(at_hand, examples)
        rows_of = tuple(assembling.rows.items())
        new = self._references.new | (frozenset() if unit.registered else {unit.id})
        return replace(result, held_against_log=True, steps=tuple(steps), rows=rows_of, new=new, without_number=unnamed)

    async def enter(self, on_step: Callable[[], None]) -> list[Path]:
        """Enter what was found, held against the log once more; the gateways' files.

        First by which numbers things are known, in one transaction, then each step in one of its own: what is cut off
        in the middle is taken up by entering the same lists again.
        """
        assert self._description is not None  # noqa: S101 - found without problems
        assert self._references is not None  # noqa: S101
        if not self._registered_before:
            await self._require_still_unknown(self._description.unit.name)
        keys = gateway_keys(self._description, self._settings.data, make=True)
        steps = await differences(self._description, self._ledger, keys)
        await self._references.enter(self._description.unit.organisation)
        await enter_steps(steps, self._ledger, on_step)
        return write_gateways(self._description, self._settings, keep=True)

    def _found(self, sheets: tuple[Sheet, ...], examples: int) -> Found:
        return Found(sheets, examples, tuple(self._problems.told()), len(self._problems))

    async def _without_number(self, unit: UUID) -> int:
        assert self._references is not None  # noqa: S101
        known = self._references.things()
        everybody = await self._ledger.store.query(queries.all_recipients)
        return sum(one.unit == unit and one.id not in known for one in everybody)

    def _refused(self, refusal: Refusal, row: Row | None) -> None:
        if row is None:
            self._problems.add("what is registered", str(refusal.error))
        else:
            row.problem(self._problems, str(refusal.error))

    async def _unit(self, lists: Lists) -> Unit | None:
        """The unit that is meant: the one named, or the only one there is."""
        known = await self._ledger.store.query(queries.all_units)
        row = lists["unit"][0] if lists["unit"] else None
        if row is None:
            if len(known) == 1:
                return await self._registered(known[0].id, None)
            several = f"several units are registered ({', '.join(unit.name for unit in known)}): name one"
            what = several if known else "no unit is registered: describe it"
            self._problems.add("the lists together", f"{what} in a list Enhet (Unit)")
            return None
        if "name" not in row.values:
            return None
        named = [unit for unit in known if folded(unit.name) == folded(row.values["name"])]
        if named:
            return await self._registered(named[0].id, row)
        organisation = self._organisation(row, {unit.organisation for unit in known})
        if organisation is None:
            return None
        return Unit(self._ledger.ids.thing(), organisation, row.fields(), row, {}, {}, registered=False)

    def _organisation(self, row: Row, known: set[UUID]) -> UUID | None:
        if "organisation" in row.values:
            try:
                return UUID(row.values["organisation"])
            except ValueError:
                row.problem(self._problems, "not an id of an organisation: a UUID, or nothing", "organisation")
                return None
        if len(known) > 1:
            row.problem(self._problems, "several organisations are registered: say whose unit this is", "organisation")
            return None
        return next(iter(known), None) or self._ledger.ids.thing()

    async def _registered(self, id_: UUID, row: Row | None) -> Unit:
        """The unit as it is on record; what its row says otherwise is refused as an entered file's would be."""
        store = self._ledger.store
        _, events = await store.load(units.stream_of(id_))
        event = next(event for event in events if isinstance(event, UnitRegistered))
        said = {"name": event.name, "zone": event.zone, "chain": event.chain, "rules": UNIT.fold(events).rules}
        if row is not None:
            said |= {name: value for name, value in row.fields().items() if name == "zone"}
        organisation = event.organisation
        if row is not None and "organisation" in row.values:
            organisation = self._organisation(row, set()) or organisation
        gateways = {}
        for gateway in await store.query(queries.all_gateways):
            if gateway.unit == id_:
                gateways[gateway.id] = await self._key_of_gateway(gateway.id)
        return Unit(id_, organisation, said, row, await store.query(queries.staff_of_unit, id_), gateways)

    async def _require_still_unknown(self, name: str) -> None:
        known = await self._ledger.store.query(queries.all_units)
        if any(folded(unit.name) == folded(name) for unit in known):
            raise ImportedMeanwhileError(f"unit {name!r} was registered meanwhile; nothing was entered: try again")

    async def _key_of_gateway(self, gateway: UUID) -> str | None:
        """Its public key, unless its seed is kept here and gives it."""
        if seed_file(self._settings.data, gateway).exists():
            return None
        _, events = await self._ledger.store.load(f"gateway-{gateway}")
        return next(event.public_key for event in events if isinstance(event, GatewayRegistered))

    async def _require_no_silent_withdrawal(self, lists: Lists) -> None:
        """A "nej" where the log has a yes must act within seconds, by name: it is no matter for a list."""
        assert self._references is not None  # noqa: S101
        for row in lists["consents"]:
            recipient = self._references.find(Referred.RECIPIENT, row.values.get("recipient", ""))
            if row.values.get("given") is not False or recipient is None:
                continue
            state = RECIPIENT.fold((await self._ledger.store.load(recipient_stream(recipient)))[1])
            if state.consent is not None:
                what = "a consent stands on record: withdraw it in the system, by name, so that it acts at once"
                row.problem(self._problems, what, "given")


def _kept(word: str, new: frozenset[UUID]) -> str:
    bare = word.rstrip(",")
    return word.replace(bare, "(new)") if bare in map(str, new) else word
