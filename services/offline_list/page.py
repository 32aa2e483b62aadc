"""The list as PDF: A4, large type, tagged (PDF/UA-1). Typeset in memory; nothing in clear touches a disk."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import typst

from services.offline_list.entries import Entry
from services.offline_list.lists import PatrolList
from services.offline_list.words import Language, Words

TEMPLATE = Path(__file__).with_name("page.typ").read_bytes()


def page_of(one: PatrolList, entries: Sequence[Entry], made_at: datetime, words: Words, language: Language) -> bytes:
    """The PDF, not yet encrypted. `made_at` is local time of the unit."""
    head = {
        "lang": language.value,
        "title": f"{words.title} – {one.title}",
        "unit": one.unit_name,
        "night": f"{words.night} {one.night} – {one.night + timedelta(days=1)}",
        "made": f"{words.made} {made_at:%Y-%m-%d %H:%M}",
    }
    document = {
        **head,
        "words": {
            name: getattr(words, name)
            for name in (
                "how",
                "time",
                "name",
                "key",
                "task",
                "note",
                "rest",
                "reason",
                "nobody",
                "page",
                "keep",
                "outage",
                "risk",
                "address",
            )
        },
        "checks": [_cells(entry) for entry in entries if not entry.reason],
        "rest": [_cells(entry) for entry in entries if entry.reason],
    }
    pdf = typst.compile(
        TEMPLATE,
        format="pdf",
        sys_inputs={"list": json.dumps(document)},
        pdf_standards=["ua-1"],
        timestamp=int(made_at.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError(f"typst gave {type(pdf).__name__}, not a PDF")
    return pdf


def _cells(entry: Entry) -> dict[str, object]:
    names = ("time", "opens", "until", "name", "address", "key", "task", "marks", "outage", "risk", "reason")
    return {name: getattr(entry, name) for name in names} | {"high": entry.high_risk}
