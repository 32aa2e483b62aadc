"""The file: what it says, and that only the password opens it."""

import subprocess
from datetime import datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr
from pypdf import PdfReader

from events.runtime.settings import BadConfigurationError
from services.offline_list.entries import Entry
from services.offline_list.lists import PatrolList
from services.offline_list.page import page_of
from services.offline_list.passwords import read_passwords, require_strong
from services.offline_list.sealing import WrongPasswordError, seal, unseal
from services.offline_list.table import table_of
from services.offline_list.words import ENGLISH, SWEDISH, WORDS, Language
from tests.builders import NIGHT, ORGANISATION, PATROL, STOCKHOLM, UNIT
from tests.services.offline_list.evening import PASSWORD, table_in, text_of

ASTRID = Entry(
    "22:00", "21:45", "23:00", "Astrid Öberg", "Storgatan 1", "1397#", "Kamera", ("TVÅ",), "Besök", "HÖG", True, ""
)
AWAY = Entry("02:00", "01:45", "03:00", "=Karl", "Ågatan 2", "ingen kod", "", (), "", "", False, "Bortavarande")
A_LIST = PatrolList(ORGANISATION, UNIT, "Natt", "UTC", NIGHT, PATROL, "Bil 1", ())
MADE = datetime(2026, 11, 3, 20, 45, 0, 123456, tzinfo=STOCKHOLM)


def a_page(entries: list[Entry], language: Language = Language.SWEDISH) -> bytes:
    return page_of(A_LIST, entries, MADE, WORDS[language], language)


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return seal(a_page([ASTRID, AWAY]), ("lista.csv", table_of([ASTRID, AWAY], SWEDISH)), PASSWORD)


def test_it_opens_with_the_password_and_says_all_of_it(sealed: bytes) -> None:
    text = text_of(sealed)
    for said in ("Reservlista – Bil 1", "22:00", "21:45–23:00", "Astrid Öberg", "Storgatan 1", "1397#", "HÖG", "TVÅ"):
        assert said in text
    assert text.index("Ingen ska åka hit") < text.index("Ågatan 2")
    assert "22:00;21:45;23:00;Astrid Öberg;Storgatan 1;1397#;Kamera, TVÅ;HÖG;Besök;;" in table_in(sealed)


def test_it_does_not_open_without_it_and_holds_nothing_in_clear(sealed: bytes) -> None:
    for wrong in ("", PASSWORD + "x"):
        with pytest.raises(subprocess.CalledProcessError):
            text_of(sealed, wrong)
        with pytest.raises(WrongPasswordError):
            unseal(sealed, wrong)
    for secret in ("Astrid", "Storgatan", "1397#", "Bil 1", "Reservlista"):
        assert secret.encode() not in sealed
        assert secret.encode("utf-16-be") not in sealed


def test_it_is_encrypted_with_aes_256_of_pdf_2(sealed: bytes) -> None:
    told = PdfReader(BytesIO(sealed)).trailer["/Encrypt"].get_object()

    assert (told["/V"], told["/R"], told["/Length"]) == (5, 6, 256)


def test_what_goes_to_the_printer_is_the_same_page_in_clear(sealed: bytes) -> None:
    assert "Astrid Öberg" in text_of(unseal(sealed, PASSWORD), "")


def test_a_file_that_was_cut_off_is_refused_in_one_line(sealed: bytes) -> None:
    with pytest.raises(WrongPasswordError):
        unseal(sealed[: len(sealed) // 2], PASSWORD)


def test_the_page_stays_tagged_for_those_who_listen_to_it(sealed: bytes) -> None:
    catalogue = PdfReader(BytesIO(sealed), password=PASSWORD).trailer["/Root"].get_object()

    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/Lang"] == "sv"


def test_it_speaks_english_where_that_is_wanted() -> None:
    assert "Offline list – Bil 1" in text_of(a_page([ASTRID], Language.ENGLISH), "")
    assert "No checks." in text_of(a_page([], Language.ENGLISH), "")


def test_a_long_night_repeats_its_heading_and_counts_its_pages() -> None:
    text = text_of(a_page([ASTRID] * 30), "")

    assert text.count("Nyckelkod") == text.count("Sida") > 2


def test_a_name_is_no_formula_for_a_spreadsheet_and_none_for_the_typesetter() -> None:
    assert ";'=Karl;" in table_of([AWAY], ENGLISH).decode("utf-8-sig")
    odd = Entry("22:00", "", "", "#panic() *Å* $x$", "\\ @a <b>", "#1*2#", "", (), "", "", False, "")
    assert "#panic() *Å* $x$" in text_of(a_page([odd]), "")
    assert "#1*2#" in text_of(a_page([odd]), "")


def test_the_table_is_as_swedish_spreadsheets_open_it() -> None:
    table = table_of([ASTRID], SWEDISH)

    assert table.startswith(b"\xef\xbb\xbfTid;")
    assert table.endswith(b"\r\n")


@pytest.mark.parametrize(
    "weak",
    ["", "kort", "hemtjänst2026", "aaaaaaaaaaaaaaaaaaaaaaaa", "passwordpassword123", "1234567890123456", "å\n" * 9],
)
def test_a_weak_password_is_refused_and_not_repeated(weak: str) -> None:
    with pytest.raises(BadConfigurationError) as refused:
        require_strong(weak, "Bil 1")

    assert "Bil 1" in str(refused.value)
    assert not weak or weak not in str(refused.value)


def test_passwords_come_from_the_settings_and_from_a_file_which_beats_them(tmp_path: Path) -> None:
    file, other = tmp_path / "passwords.toml", uuid4()
    file.write_text(f'"{PATROL}" = "{PASSWORD}"\n')
    given: dict[UUID, SecretStr] = {PATROL: SecretStr("Zq7!vPw2#Lm9xTk4"), other: SecretStr("Zq7!vPw2#Lm9xTk4")}

    read = read_passwords(given, file)

    assert (read[PATROL].get_secret_value(), len(read)) == (PASSWORD, 2)


@pytest.mark.parametrize("spoilt", ["bil 1 = x", '"Bil 1" = "lykta-gran-fjord-åska-41"', f'"{PATROL}" = 4'])
def test_a_file_of_passwords_that_cannot_be_read_is_refused_without_its_content(spoilt: str, tmp_path: Path) -> None:
    (tmp_path / "passwords.toml").write_text(spoilt)
    with pytest.raises(BadConfigurationError) as refused:
        read_passwords({}, tmp_path / "passwords.toml")

    assert "lykta" not in str(refused.value)
