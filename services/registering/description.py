"""The file that describes a unit: its people, gateways, homes and what was agreed. Validated whole before anything is
entered; what is wrong is said in one line, with the value and where it stands.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from camera_gateway.cameras import BadCameraAddressError, parse_address
from camera_gateway.privacy import PrivacySetting
from events.runtime.settings import BadConfigurationError, seconds
from events.schedule import ScheduleEntry, zone_named
from events.types.home import OutageAgreement, RiskClass
from events.types.recipient import ConsentForm, ConsentScope
from events.types.unit import DEFAULT_RULES, NightRules

Text = Annotated[str, Field(min_length=1, max_length=200)]


class Role(StrEnum):
    """What a member of staff may do."""

    NIGHT_STAFF = "night-staff"
    PATROL = "patrol"
    MANAGER = "manager"
    ASSESSOR = "assessor"
    NURSE = "nurse"
    INSTALLER = "installer"


def _known_zone(name: str) -> str:
    zone_named(name)
    return name


def _understood(address: SecretStr) -> SecretStr:
    try:
        parse_address(address.get_secret_value())
    except BadCameraAddressError as error:
        raise ValueError(str(error)) from None
    return address


def _in_seconds(rules: Any) -> Any:
    """Durations that are numbers in quotation marks mean what they mean without, as in settings."""
    return {name: seconds(value) for name, value in rules.items()} if isinstance(rules, dict) else rules


class _Described(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class UnitDescription(_Described):
    """The unit, its rules, and who is sent, in order."""

    id: UUID
    organisation: UUID
    name: Text
    zone: Annotated[str, AfterValidator(_known_zone)] = "Europe/Stockholm"
    chain: Annotated[tuple[UUID, ...], Field(min_length=1)]
    rules: Annotated[NightRules, BeforeValidator(_in_seconds)] = DEFAULT_RULES


class StaffDescription(_Described):
    """Somebody who works there."""

    id: UUID
    name: Text
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]


class GatewayDescription(_Described):
    """A gateway box. With a `public_key` its seed was made elsewhere; else one is made here."""

    id: UUID
    public_key: Annotated[str, Field(pattern="^U[A-Z2-7]{55}$")] | None = None


class CameraDescription(_Described):
    """A home's camera: which, where the gateway finds it, and what may be shown of the home."""

    id: UUID
    gateway: UUID
    address: Annotated[SecretStr, AfterValidator(_understood)]
    privacy: PrivacySetting | None = None


class DecisionDescription(_Described):
    """The grant. Without `from_night` it begins with the night in which it is entered."""

    id: UUID
    from_night: date | None = None
    to_night: date | None = None
    checks_a_night: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.from_night and self.to_night and self.to_night < self.from_night:
            raise ValueError(f"to_night is {self.to_night}, before from_night, {self.from_night}")
        return self


class ConsentDescription(_Described):
    """The yes to the camera: what it covers beyond the agreed looks, how and when it was given, who took it."""

    id: UUID
    scope: frozenset[ConsentScope] = frozenset(ConsentScope)
    given_how: ConsentForm = ConsentForm.WRITTEN
    taken_by: UUID
    given_at: AwareDatetime | None = None


class RecipientDescription(_Described):
    """Somebody who is checked on. Without consent supervision goes on, by visits."""

    id: UUID
    name: Text
    decision: DecisionDescription
    consent: ConsentDescription | None = None
    from_night: date | None = None
    """The first night of the schedule; without it the first that is not planned yet."""
    schedule: Annotated[tuple[ScheduleEntry, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _has_a_schedule_within_the_decision(self) -> Self:
        entries = [entry.id for entry in self.schedule]
        if len(set(entries)) < len(entries):
            raise ValueError(f"schedule has two times with the id {max(entries, key=entries.count)}")
        most = self.decision.checks_a_night
        if most is not None and len(self.schedule) > most:
            raise ValueError(f"schedule has {len(self.schedule)} times, the decision grants {most} a night")
        return self


class CohabitantDescription(_Described):
    """Somebody who lives there and is not checked on. Without their consent the camera stays shut."""

    id: UUID
    name: Text
    consent: ConsentDescription | None = None


class HomeDescription(_Described):
    """A home and who lives there. Without a camera every slot is a visit; with one, until its test has passed."""

    id: UUID
    address: Text
    risk_class: RiskClass = RiskClass.MEDIUM
    outage_agreement: OutageAgreement = OutageAgreement.VISIT
    area: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    """Which patrol is near, and which homes a power failure takes together."""
    key_code: SecretStr | None = None
    """How a carer gets in. Entered once; a new one is entered at the desk."""
    camera: CameraDescription | None = None
    cohabitants: tuple[CohabitantDescription, ...] = ()
    recipients: Annotated[tuple[RecipientDescription, ...], Field(min_length=1, max_length=2)]

    def people(self) -> "Iterator[tuple[str, int, RecipientDescription | CohabitantDescription]]":
        """Everybody who lives there, with the place in the description."""
        for place, recipient in enumerate(self.recipients):
            yield "recipients", place, recipient
        for place, cohabitant in enumerate(self.cohabitants):
            yield "cohabitants", place, cohabitant


@dataclass(frozen=True, slots=True)
class OnRecord:
    """Who and what is registered in the unit already, and may be named without being described again.

    Given as the context of a validation; a file that describes a unit whole needs none of it.
    """

    staff: Mapping[UUID, frozenset[str]] = field(default_factory=dict)
    """With their roles."""
    gateways: frozenset[UUID] = frozenset()


class Description(_Described):
    """The whole file."""

    unit: UnitDescription
    staff: tuple[StaffDescription, ...] = ()
    gateways: tuple[GatewayDescription, ...] = ()
    homes: tuple[HomeDescription, ...] = ()

    @model_validator(mode="after")
    def _names_only_what_is_there(self, info: ValidationInfo) -> Self:
        known = info.context if isinstance(info.context, OnRecord) else OnRecord()
        twice = [id_ for id_, times in Counter(self._ids()).items() if times > 1]
        if twice:
            raise ValueError(f"the id {twice[0]} is given to two things; each has one of its own")
        patrols = {member.id for member in self.staff if Role.PATROL in member.roles}
        patrols |= {id_ for id_, roles in known.staff.items() if Role.PATROL in roles}
        for number, id_ in enumerate(self.unit.chain):
            if id_ not in patrols:
                raise ValueError(
                    f"unit.chain[{number}] is {id_}, who is not in staff with the role {Role.PATROL.value!r}"
                )
        gateways = {gateway.id for gateway in self.gateways} | known.gateways
        staff = {member.id for member in self.staff} | set(known.staff)
        for number, home in enumerate(self.homes):
            if home.camera is not None and home.camera.gateway not in gateways:
                raise ValueError(f"homes[{number}].camera.gateway is {home.camera.gateway}, which is not in gateways")
            for name, place, person in home.people():
                if person.consent is not None and person.consent.taken_by not in staff:
                    where = f"homes[{number}].{name}[{place}].consent.taken_by"
                    raise ValueError(f"{where} is {person.consent.taken_by}, who is not in staff")
        return self

    def _ids(self) -> Iterator[UUID]:
        yield from (self.unit.id, *(member.id for member in self.staff), *(gateway.id for gateway in self.gateways))
        for home in self.homes:
            yield home.id
            if home.camera is not None:
                yield home.camera.id
            for recipient in home.recipients:
                yield recipient.decision.id
            for _, _, person in home.people():
                yield person.id
                if person.consent is not None:
                    yield person.consent.id


def read_description(path: Path) -> Description:
    """The description in a file; BadConfigurationError, in one line, says what is wrong and where."""
    try:
        return parse_description(path.read_text(), str(path))
    except OSError as error:
        raise BadConfigurationError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadConfigurationError(f"{path} is not UTF-8 text") from None


def parse_description(text: str, name: str) -> Description:
    """The description in `text`, called `name` in complaints."""
    try:
        return Description.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadConfigurationError(f"{name} is not TOML: {error}") from None
    except ValidationError as error:
        raise BadConfigurationError(f"{name}: {_one_line(error)}") from None


def example() -> str:
    """A file to begin with, explained line by line."""
    return resources.files("deploy").joinpath("examples/homes.toml").read_text()


def _one_line(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
    message = first["msg"].removeprefix("Value error, ")
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{place}: {message}{_given(first)}{more}" if place else f"{message}{more}"


def _given(error: Any) -> str:
    """The offending value, where it is one and may be shown: a camera's address may hold a password."""
    hidden = error["type"] == "missing" or error["loc"][-2:] == ("camera", "address") or error["loc"][-1] == "key_code"
    return "" if hidden or isinstance(error["input"], dict | list) else f" (it is {error['input']!r})"
