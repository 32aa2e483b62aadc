"""By which of the municipality's own numbers a thing is known: found again by opening what was sealed.

One stream a unit. The numbers are few enough (some thousands) to be opened for an import; so nothing that could be
tried against a list of personal numbers, such as a keyed hash, is kept anywhere (docs/decisions/0011).
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Self
from uuid import UUID

from events.envelope import Context, Owner
from events.keys import PersonErasedError
from events.personal import Personal
from events.types.reference import ReferenceGiven, Referred
from services.tillsyn.desk.care import INSTALLER
from services.tillsyn.ledger import Kind, Ledger, Transaction
from services.tillsyn.refused import RefusedError

REFERENCES: Kind[int] = Kind(0, lambda known, _: known + 1)


class ImportedMeanwhileError(RefusedError):
    """Somebody else entered lists for the unit between the checks and the entering."""


def stream_of(unit: UUID) -> str:
    """The stream of a unit's references."""
    return f"references-{unit}"


class References:
    """The numbers of one unit: those on record, and those that this import brings."""

    def __init__(self, unit: UUID, ledger: Ledger, known: Mapping[tuple[Referred, str], UUID], version: int) -> None:
        self._unit = unit
        self._ledger = ledger
        self._known = dict(known)
        self._version = version
        self._new: list[tuple[Referred, str, UUID, UUID]] = []

    @classmethod
    async def load(cls, unit: UUID, ledger: Ledger) -> Self:
        """All that can be opened; who is erased is not found again."""
        known: dict[tuple[Referred, str], UUID] = {}
        recorded = await ledger.store.read(stream_of(unit))
        for one in recorded:
            if not isinstance(one.event, ReferenceGiven):
                continue
            try:
                key = await ledger.keys.reveal(one.id, "reference", one.event.reference, str)
            except PersonErasedError:
                continue
            known[one.event.kind, key] = one.event.thing
        return cls(unit, ledger, known, len(recorded))

    def keys(self) -> dict[Referred, Collection[str]]:
        """The numbers on record, of each kind."""
        return {kind: {key for of, key in self._known if of is kind} for kind in Referred}

    def find(self, kind: Referred, key: str) -> UUID | None:
        """The thing with this number, if there is one."""
        return self._known.get((kind, key))

    def id_of(self, kind: Referred, key: str, person: UUID | None = None) -> UUID:
        """The thing with this number; a new random id where there is none. `person` is whose key seals the number."""
        known = self._known.get((kind, key))
        if known is None:
            known = self._known[kind, key] = self._ledger.ids.thing()
            self._new.append((kind, key, known, person or known))
        return known

    def also(self, kind: Referred, things: Iterable[UUID]) -> None:
        """Things that were registered otherwise, and have no number: they may be named by their ids."""
        self._known |= {(kind, str(thing)): thing for thing in things}

    def things(self) -> frozenset[UUID]:
        """All that can be named."""
        return frozenset(self._known.values())

    @property
    def new(self) -> frozenset[UUID]:
        """The things that this import brings."""
        return frozenset(thing for _, _, thing, _ in self._new)

    async def enter(self, organisation: UUID) -> None:
        """Record the new numbers, all at once; before the things themselves, so that a second try finds the same ids.

        ImportedMeanwhileError when somebody else has entered some since they were loaded.
        """
        now, ids = self._ledger.clock.now(), self._ledger.ids
        context = Context(INSTALLER, Owner(organisation, self._unit), now, ids.thing())

        async def use_case(tx: Transaction) -> None:
            stream = await tx.load(REFERENCES, stream_of(self._unit))
            if stream.version != self._version:
                raise ImportedMeanwhileError(
                    "other lists of this unit were entered meanwhile; nothing was entered: try again"
                )
            given = [
                ReferenceGiven(unit=self._unit, kind=kind, thing=thing, reference=Personal.of(key, person))
                for kind, key, thing, person in self._new
            ]
            tx.record(stream, given, context)

        await self._ledger.transact(use_case)
