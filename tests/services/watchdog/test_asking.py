"""What counts as a proof of life, and that nothing an address does can hold the watchdog up or deceive it."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.watchdog.asking import Answered, ask, parse
from services.watchdog.decide import Look, Proof, after
from services.watchdog.state import Watch
from services.watchdog.web import MOST_BYTES
from tests.services.watchdog.elsewhere import Elsewhere, alive_body, dead_port
from tests.services.watchdog.told import POLICY

NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)


def said(**more: object) -> bytes:
    return json.dumps({"now": NOW.isoformat(), **more}).encode()


def test_a_proof_is_as_old_as_the_service_says_by_its_own_clock() -> None:
    proven = NOW - timedelta(seconds=7)

    answered = parse(said(sweeper=proven.isoformat(), planner=None))

    assert answered.proofs == {"sweeper": Proof(proven, timedelta(seconds=7))}
    assert answered.words == "sweeper 7 s ago"


def test_times_in_other_zones_are_the_same_instants() -> None:
    assert parse(said(sweeper="2026-11-03T02:59:53+01:00")).proofs["sweeper"].age == timedelta(seconds=7)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"ok\n",
        b"<html>the proxy says no</html>",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b"{}",
        said(sweeper="yesterday"),
        said(sweeper=1762135200),
        said(sweeper="0001-01-01T00:00:00Z"),
        said(sweeper="2026-11-03T02:00:00"),  # of no zone: anybody's guess
        b'{"now": null, "sweeper": "2026-11-03T02:00:00Z"}',
        b'{"sweeper": "2026-11-03T02:00:00Z"}',
        b"[" * 100_000,
    ],
)
def test_what_is_garbled_is_no_proof(body: bytes) -> None:
    assert parse(body).proofs == {}


def test_a_service_that_has_not_swept_yet_gives_no_proof() -> None:
    assert parse(said(sweeper=None, planner=None)).proofs == {}


things = st.none() | st.text() | st.integers() | st.datetimes(timezones=st.timezones()).map(datetime.isoformat)
answers = st.fixed_dictionaries({"now": things, "sweeper": things}).map(json.dumps).map(str.encode)


@given(st.binary(max_size=200) | answers)
def test_whatever_is_answered_is_judged_without_an_error(body: bytes) -> None:
    proofs = parse(body).proofs

    after(Watch(), Look(NOW, proofs), POLICY)  # the names stand for addresses here


def test_what_a_newer_service_tells_beside_its_proofs_is_let_pass() -> None:
    assert set(parse(said(sweeper=NOW.isoformat(), version=7, relay="well")).proofs) == {"sweeper"}


async def test_an_address_that_answers_gives_its_proofs(service: Elsewhere) -> None:
    service.body = alive_body(age_s=1)

    answered = await ask(f"{service.url}/alive", 2)

    assert set(answered.proofs) == {"sweeper", "planner"}
    assert answered.proofs["sweeper"].age == timedelta(seconds=1)
    assert service.taken[0].path == "/alive"


async def test_an_address_where_nobody_answers_gives_none() -> None:
    assert await ask(f"http://127.0.0.1:{dead_port()}/alive", 2) == Answered("Connection refused")


@pytest.mark.parametrize("status", [301, 307, 404, 500, 503])
async def test_anything_but_a_good_answer_gives_none(service: Elsewhere, status: int) -> None:
    service.status = status
    service.headers = {"Location": f"{service.url}/elsewhere"}

    answered = await ask(f"{service.url}/alive", 2)

    assert (answered.words, answered.proofs) == (f"answers {status}", {})
    assert [request.path for request in service.taken] == ["/alive"]


async def test_a_slow_answer_is_not_waited_for(service: Elsewhere) -> None:
    service.pause_s = 30
    begun = time.monotonic()

    answered = await ask(f"{service.url}/alive", 0.3)

    assert answered.proofs == {}
    assert time.monotonic() - begun < 5


async def test_an_answer_that_drips_is_not_waited_for_either(service: Elsewhere) -> None:
    service.drip_s = 0.1
    begun = time.monotonic()

    answered = await ask(f"{service.url}/alive", 0.5)

    assert answered.proofs == {}
    assert time.monotonic() - begun < 5


async def test_an_answer_without_end_is_not_read_to_the_end(service: Elsewhere) -> None:
    service.body = lambda: alive_body()() + b" " * MOST_BYTES

    assert (await ask(f"{service.url}/alive", 2)).proofs == {}
