"""The rules of a night are told in both languages, and one that is not cannot slip through."""

import json
import tomllib
from pathlib import Path

import pytest

from tests import rule_book

BOOK = rule_book.chapters()


def swedish() -> dict[str, str]:
    return tomllib.loads(rule_book.SWEDISH.read_text())


def test_every_rule_has_a_sentence_in_both_languages() -> None:
    sentences = [sentence for chapter in BOOK for sentence in chapter.sentences()]
    translated = swedish()
    assert sentences
    assert rule_book.untranslated(BOOK, translated) == ([], [])
    assert all(said.strip() for said in (*sentences, *translated.values()))
    english, svenska = (rule_book.page(language, BOOK, translated) for language in ("en", "sv"))
    assert len(english.splitlines()) == len(svenska.splitlines())


def test_no_two_rules_are_told_in_the_same_words() -> None:
    translated = swedish()
    rules = [rule for chapter in BOOK for section in chapter.sections for rule in section.rules]
    for told in (rules, [translated[rule] for rule in rules]):
        assert sorted({rule for rule in told if told.count(rule) > 1}) == []


def test_the_order_of_chapters_names_only_what_there_is() -> None:
    files = {path.stem.removeprefix("test_") for path in rule_book.RULES.glob("test_*.py")}
    assert sorted(set(rule_book.CHAPTERS) - files) == []


def test_what_the_book_leaves_out_is_there_to_be_left_out() -> None:
    texts = [(rule_book.SERVICES / name).read_text() for name in rule_book.TOGETHER]
    assert sorted(name for name in rule_book.NO_RULES if not any(f"def {name}(" in text for text in texts)) == []


@pytest.mark.parametrize("left_out", [BOOK[0].title, BOOK[0].sections[0].rules[0]], ids=["title", "rule"])
def test_what_has_no_swedish_fails_the_check(
    left_out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rule_book.main(["--check"]) == 0
    written(tmp_path, monkeypatch, {english: said for english, said in swedish().items() if english != left_out})
    assert rule_book.main(["--check"]) == 1
    assert f"has no Swedish for: {left_out}\n" in capsys.readouterr().err


def test_swedish_of_no_rule_fails_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, monkeypatch, {**swedish(), "No such rule.": "Ingen sådan regel."})
    assert rule_book.main(["--check"]) == 1
    assert capsys.readouterr().err == "docs/regler.toml translates what no test says: No such rule.\n"


def written(folder: Path, monkeypatch: pytest.MonkeyPatch, translated: dict[str, str]) -> None:
    """Let the book be translated by this."""
    path = folder / "regler.toml"
    path.write_text("".join(f"{json.dumps(english)} = {json.dumps(said)}\n" for english, said in translated.items()))
    monkeypatch.setattr(rule_book, "SWEDISH", path)
