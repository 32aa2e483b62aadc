"""The base of all events: an immutable statement of something that happened.

An event type is a frozen pydantic model with a docstring, declared with the name it has on the wire::

    class VisitArrived(Event, name="visit.arrived"):
        '''Somebody from the patrol is at the door.'''

The class keyword is the part after ``se.tillsyn.``; the full CloudEvents ``type`` adds the schema version.
"""

from typing import ClassVar, Unpack

from pydantic import BaseModel, ConfigDict

PREFIX = "se.tillsyn."


class Event(BaseModel):
    """A fact. Subclasses carry ids, times (aware, UTC), durations (ISO 8601) and `Personal` fields, nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_timedelta="iso8601", allow_inf_nan=False)

    NAME: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1

    def __init_subclass__(cls, *, name: str = "", version: int = 1, **kwargs: Unpack[ConfigDict]) -> None:
        """Give the class the name and schema version that it has on the wire."""
        super().__init_subclass__(**kwargs)
        if name:
            cls.NAME, cls.VERSION = name, version

    @classmethod
    def wire_type(cls) -> str:
        """The CloudEvents ``type``, e.g. ``se.tillsyn.visit.arrived.v1``."""
        return f"{PREFIX}{cls.NAME}.v{cls.VERSION}"
