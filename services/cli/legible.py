"""Bytes that anybody could have sent, shown so that they do no harm: nothing in them can command a terminal."""

import json


def body_for_people(body: bytes) -> str:
    """The body as text: JSON indented, else line by line; bytes and characters that cannot be shown are escaped."""
    text = body.decode("utf-8", "backslashreplace")
    try:
        if text.lstrip().startswith(("{", "[")):
            text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        pass  # no JSON, or nested beyond sense: shown as it came
    return "\n".join(one_legible_line(line) for line in text.split("\n"))


def one_legible_line(text: str) -> str:
    """`text` in one line, with every character that is not printable (controls, bidirectional marks) escaped."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )
