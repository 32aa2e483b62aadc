"""What somebody or something is, before the short id that stands for a name: `chef 2ecacd66`, `hem 5bd689e2`."""

from collections.abc import Mapping
from uuid import UUID

from services.telling.tell import Names
from services.telling.words import Language

KINDS: dict[str, tuple[str, str]] = {
    "unit": ("enhet", "unit"),
    "home": ("hem", "home"),
    "car": ("bilen", "car"),
    "night-staff": ("nattpersonal", "night staff"),
    "patrol": ("patrull", "patrol"),
    "manager": ("chef", "manager"),
    "assessor": ("handläggare", "assessor"),
    "nurse": ("sjuksköterska", "nurse"),
    "installer": ("installatör", "installer"),
}
"""In Swedish and English. A recipient has none: every line is about one, unless it says otherwise."""


def names_by_kind(kinds: Mapping[UUID, str], language: Language) -> Names:
    """What is called by its kind and the beginning of its id, for readers to whom names stay sealed."""
    column = 0 if language is Language.SV else 1

    def name(id_: UUID) -> str:
        kind = KINDS.get(kinds.get(id_, ""))
        return f"{kind[column]} {str(id_)[:8]}" if kind else str(id_)[:8]

    return name
