"""Fields that speak of a person: sealed before they are kept, and unreadable once the person's key is gone.

A decider builds ``Personal.of(value, person)``. Before an event leaves the process the key ring seals each such
field (AES-256-GCM); what is stored, sent and folded is only ``{"key": <key id>, "sealed": <base64>}``. An unsealed
value can be neither serialised nor printed, so forgetting to seal is an error and not a leak.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

T = TypeVar("T")


class Purpose(StrEnum):
    """Which of a person's two keys: they are destroyed at different times, because the law keeps them differently."""

    IDENTITY = "identity"
    ACCESS_LOG = "access-log"


class PersonalNotSealedError(Exception):
    """A personal value was about to leave the process in clear. Seal the event with the key ring first."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Ciphertext and the id of the key that opens it."""

    key: UUID
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class Plain(Generic[T]):
    """A value in clear, and whose key shall seal it. Lives only between a decision and the append."""

    value: T
    person: UUID
    purpose: Purpose

    def __repr__(self) -> str:
        return "Plain(…)"


class Personal(Generic[T]):
    """A value that speaks of one person: in clear until sealed, ciphertext ever after."""

    __slots__ = ("content",)
    content: Plain[T] | Sealed

    def __init__(self, content: "Plain[T] | Sealed") -> None:
        object.__setattr__(self, "content", content)

    @classmethod
    def of(cls, value: T, person: UUID, purpose: Purpose = Purpose.IDENTITY) -> "Personal[T]":
        """A value in clear that belongs to `person` and will be sealed under that person's key for `purpose`."""
        return cls(Plain(value, person, purpose))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Personal value never changes")

    def __repr__(self) -> str:
        return f"Personal(key={self.content.key})" if isinstance(self.content, Sealed) else "Personal(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Personal) and self.content == other.content

    def __hash__(self) -> int:
        return hash(self.content)

    def sealed(self) -> Sealed:
        """The ciphertext; PersonalNotSealedError when the value is still in clear."""
        if isinstance(self.content, Sealed):
            return self.content
        raise PersonalNotSealedError("a personal field is still in clear; seal the event before it leaves")

    def to_json(self) -> dict[str, str]:
        """The sealed form as it is stored and sent; PersonalNotSealedError when the value is still in clear."""
        sealed = self.sealed()
        return {"key": str(sealed.key), "sealed": b64encode(sealed.ciphertext).decode()}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept a Personal or its sealed JSON form; serialise only the sealed form."""
        return core_schema.no_info_plain_validator_function(
            _parse, serialization=core_schema.plain_serializer_function_ser_schema(cls.to_json)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The published contract: what integrators see of a personal field."""
        return {
            "type": "object",
            "description": "AES-256-GCM ciphertext under the key of the person it speaks of",
            "properties": {
                "key": {"type": "string", "format": "uuid"},
                "sealed": {"type": "string", "contentEncoding": "base64"},
            },
            "required": ["key", "sealed"],
            "additionalProperties": False,
        }


def _parse(raw: object) -> Personal[Any]:
    match raw:
        case Personal():
            return raw
        case {"key": str(key), "sealed": str(sealed), **rest} if not rest:
            return Personal(Sealed(UUID(key), b64decode(sealed, validate=True)))
        case _:
            raise ValueError('a personal field is {"key": <uuid>, "sealed": <base64>} and nothing else')
