"""An import, in order: read, checked row by row and together, held against the log, and only then ready."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from events.runtime.settings import BadConfigurationError
from events.store import queries
from events.types.reference import Referred
from events.types.unit import GatewayRegistered, UnitRegistered
from services.registering.differences import Differences, Refusal, Step
from services.registering.gateways import gateway_keys, seed_file
from services.registering.paper.assembling import Assembling, Unit
from services.registering.paper.checks import Lists, by_list, check
from services.registering.paper.problems import Problem, Problems
from services.registering.paper.reading import Sheet, read_sheets
from services.registering.paper.ready import Ready
from services.registering.paper.references import References
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
    ready: Ready | None = None
    """What enters it; None while something stands against it."""

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
        references = await References.load(unit.id, self._ledger)
        references.also(Referred.STAFF, unit.staff)
        references.also(Referred.GATEWAY, unit.gateways)
        unnamed = await self._without_number(unit.id, references)
        check(lists, references.keys(), self._problems)
        assembling = Assembling(unit, lists, references, self._problems)
        description = assembling.description()
        await self._require_no_silent_withdrawal(lists, references)
        if description is None or len(self._problems):
            return self._found(at_hand, examples)
        keys = gateway_keys(description, self._settings.data, make=False)
        steps = []
        async for found in Differences(description, self._ledger, keys).found():
            if isinstance(found, Refusal):
                self._refused(found, assembling.rows.get(found.about))
            else:
                steps.append(found)
        new = references.new | (frozenset() if unit.registered else {unit.id})
        return replace(
            self._found(at_hand, examples),
            held_against_log=True,
            steps=tuple(steps),
            rows=tuple(assembling.rows.items()),
            new=new,
            without_number=unnamed,
            ready=None if len(self._problems) else Ready(description, references, unit.registered),
        )

    def _found(self, sheets: tuple[Sheet, ...], examples: int) -> Found:
        return Found(sheets, examples, tuple(self._problems.told()), len(self._problems))

    async def _without_number(self, unit: UUID, references: References) -> int:
        known = references.things()
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

    async def _key_of_gateway(self, gateway: UUID) -> str | None:
        """Its public key, unless its seed is kept here and gives it."""
        if seed_file(self._settings.data, gateway).exists():
            return None
        _, events = await self._ledger.store.load(f"gateway-{gateway}")
        return next(event.public_key for event in events if isinstance(event, GatewayRegistered))

    async def _require_no_silent_withdrawal(self, lists: Lists, references: References) -> None:
        """A "nej" where the log has a yes must act within seconds, by name: it is no matter for a list."""
        for row in lists["consents"]:
            recipient = references.find(Referred.RECIPIENT, row.values.get("recipient", ""))
            if row.values.get("given") is not False or recipient is None:
                continue
            state = RECIPIENT.fold((await self._ledger.store.load(recipient_stream(recipient)))[1])
            if state.consent is not None:
                what = "a consent stands on record: withdraw it in the system, by name, so that it acts at once"
                row.problem(self._problems, what, "given")


def _kept(word: str, new: frozenset[UUID]) -> str:
    bare = word.rstrip(",:;.")
    return word.replace(bare, "(new)") if bare in map(str, new) else word
