"""A description out of the lists: ids instead of numbers, each row in its place."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from itertools import chain
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from events.schedule import ScheduleEntry
from events.types.reference import Referred
from services.registering.description import (
    CameraDescription,
    ConsentDescription,
    DecisionDescription,
    Description,
    GatewayDescription,
    HomeDescription,
    OnRecord,
    RecipientDescription,
    StaffDescription,
    UnitDescription,
)
from services.registering.paper.checks import Lists
from services.registering.paper.problems import Problems
from services.registering.paper.references import References
from services.registering.paper.rows import Row, build


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit that the lists fill: what is on record of it, or what its row says."""

    id: UUID
    organisation: UUID
    said: Mapping[str, Any]
    """The rest of its fields."""
    row: Row | None
    staff: Mapping[UUID, frozenset[str]]
    gateways: Mapping[UUID, str | None]
    """Registered gateways, with their public key where their seed is not here."""
    registered: bool = True


@dataclass(slots=True)
class Assembling:
    """Makes the description, and remembers in which row each thing stands."""

    unit: Unit
    lists: Lists
    references: References
    problems: Problems
    rows: dict[UUID, Row] = field(default_factory=dict)

    def description(self) -> Description | None:
        """The description; None when something stands against it, which is noted."""
        staff = [build(row, StaffDescription, self.problems, id=self._id(row)) for row in self.lists["staff"]]
        gateways = [self._gateway(row) for row in self.lists["gateways"]]
        homes = self._homes()
        unit = self._unit()
        if len(self.problems):
            return None
        described = {gateway.id for gateway in gateways if gateway is not None}
        behind = {home.camera.gateway for home in homes if home is not None and home.camera is not None}
        gateways += [self._registered(gateway) for gateway in sorted(behind - described)]
        said = {"unit": unit, "staff": staff, "gateways": gateways, "homes": homes}
        try:
            return Description.model_validate(said, context=OnRecord(self.unit.staff))
        except ValidationError as error:
            for one in error.errors(include_url=False, include_context=False, include_input=False):
                self.problems.add("the lists together", one["msg"].removeprefix("Value error, "))
            return None

    def _unit(self) -> UnitDescription | None:
        placed = [row for row in self.lists["staff"] if "chain" in row.values]
        order = tuple(self._id(row) for row in sorted(placed, key=lambda row: row.values["chain"]))
        said = {**self.unit.said, "id": self.unit.id, "organisation": self.unit.organisation}
        said["chain"] = order or said.get("chain", ())
        if not said["chain"]:
            self.problems.add("the lists together", "nobody has a place in the order (Larmordning) of who is sent")
            return None
        if self.unit.row is not None:
            self.rows[self.unit.id] = self.unit.row
            return build(self.unit.row, UnitDescription, self.problems, **said)
        return UnitDescription.model_validate(said)

    def _gateway(self, row: Row) -> GatewayDescription | None:
        id_ = self._id(row)
        on_record = self.unit.gateways.get(id_)
        own = {} if on_record is None or "public_key" in row.values else {"public_key": on_record}
        return build(row, GatewayDescription, self.problems, id=id_, **own)

    def _registered(self, gateway: UUID) -> GatewayDescription:
        return GatewayDescription(id=gateway, public_key=self.unit.gateways[gateway])

    def _homes(self) -> list[HomeDescription | None]:
        """Every camera and recipient is made, also of homes that no list has: each may have problems of its own."""
        ids = {row.key: self._id(row) for row in self.lists["homes"]}
        cameras = defaultdict(list)
        for row in self.lists["cameras"]:
            home = row.values.get("home")
            cameras[home].append(self._camera(row, ids.get(home)))
        people = defaultdict(list)
        for row in self.lists["recipients"]:
            people[row.values.get("home")].append(self._recipient(row))
        return [self._home(row, ids[row.key], cameras[row.key], people[row.key]) for row in self.lists["homes"]]

    def _home(
        self, row: Row, id_: UUID, cameras: list[CameraDescription | None], people: list[RecipientDescription | None]
    ) -> HomeDescription | None:
        if self._concerned(row) or None in cameras or None in people or not people:
            return None
        camera = cameras[0] if cameras else None
        return build(row, HomeDescription, self.problems, id=id_, camera=camera, recipients=people)

    def _camera(self, row: Row, home: UUID | None) -> CameraDescription | None:
        id_ = self._id(row, person=home)
        gateway = self.references.find(Referred.GATEWAY, row.values.get("gateway", ""))
        return None if gateway is None else build(row, CameraDescription, self.problems, id=id_, gateway=gateway)

    def _recipient(self, row: Row) -> RecipientDescription | None:
        id_ = self._id(row)
        mine = {name: [one for one in self.lists[name] if one.values.get("recipient") == row.key] for name in AGREED}
        decisions = [self._agreement(one, DecisionDescription, id_) for one in mine["decisions"]]
        consents = [self._consent(one, id_) for one in mine["consents"] if one.values.get("given")]
        entries = [self._entry(one, id_) for one in mine["schedules"]]
        if self._concerned(row, *chain(*mine.values())) or not decisions or not entries:
            return None
        return build(
            row,
            RecipientDescription,
            self.problems,
            id=id_,
            decision=decisions[0],
            consent=consents[0] if consents else None,
            schedule=entries,
        )

    def _agreement(self, row: Row, model: type[DecisionDescription], recipient: UUID) -> DecisionDescription | None:
        first = row.values.get("from_night", "tonight")
        key = row.key or f"{row.values.get('recipient')}/{first}"
        return build(row, model, self.problems, id=self._id(row, key, recipient))

    def _consent(self, row: Row, recipient: UUID) -> ConsentDescription | None:
        key = row.key or str(row.values.get("recipient"))
        taken_by = self.references.find(Referred.STAFF, row.values.get("taken_by", ""))
        own = {"id": self._id(row, key, recipient), "taken_by": taken_by}
        return None if taken_by is None else build(row, ConsentDescription, self.problems, **own)

    def _entry(self, row: Row, recipient: UUID) -> ScheduleEntry | None:
        at = row.values.get("time")
        mark = row.key or (f"{at:%H:%M:%S}" if isinstance(at, time) else None)
        if mark is None:
            return None
        key = f"{row.values.get('recipient')}/{mark}"
        return build(row, ScheduleEntry, self.problems, id=self._id(row, key, recipient))

    def _concerned(self, *rows: Row) -> bool:
        return any(self.problems.concern(row.sheet, row.number) for row in rows)

    def _id(self, row: Row, key: str | None = None, person: UUID | None = None) -> UUID:
        """The id of a row's thing. Without a key, which is noted elsewhere, one that leads nowhere."""
        assert row.table.refers is not None  # noqa: S101 - told by the tables
        known_as = key or row.key
        if known_as is None:
            return UUID(int=row.number)
        id_ = self.references.id_of(row.table.refers, known_as, person)
        self.rows[id_] = row
        return id_


AGREED = ("decisions", "consents", "schedules")
