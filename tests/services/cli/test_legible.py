"""What anybody could have sent is shown without harm, whatever it is."""

import json

from hypothesis import given
from hypothesis import strategies as st

from services.cli.legible import body_for_people, one_legible_line


@given(st.binary() | st.text().map(str.encode) | st.sampled_from([b"[" * 100_000, b'{"a": "\x1b"}', b"9" * 5000]))
def test_any_body_is_shown_in_printable_characters(body: bytes) -> None:
    assert all(line.isprintable() for line in body_for_people(body).split("\n"))


@given(st.text())
def test_any_text_is_shown_in_one_printable_line(text: str) -> None:
    assert one_legible_line(text).isprintable()


def test_json_is_indented_and_its_letters_are_kept() -> None:
    told = {"namn": "Åsa", "n": [1, 2]}

    assert json.loads(body_for_people(json.dumps(told).encode())) == told
    assert body_for_people(b'{"namn": "\xc3\x85sa"}') == '{\n  "namn": "Åsa"\n}'


def test_what_could_command_a_terminal_is_escaped() -> None:
    assert body_for_people(b"\x1b[2J\x9b31m\r\nok") == "\\x1b[2J\\x9b31m\\r\nok"
    assert one_legible_line("a\u202eb") == "a\\u202eb"


def test_what_only_begins_like_json_is_shown_as_it_came() -> None:
    assert body_for_people(b'{"a": ') == '{"a": '
    assert body_for_people(b"") == ""
