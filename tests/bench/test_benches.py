"""Each bench runs at a tiny scale and says something well formed. How fast it is, no test asserts."""

import json
import os
from importlib.util import find_spec

import pytest

from bench import BENCHES, BadScaleError, Report
from tests.postgres import binaries

TINY_S = 0.3

RATIOS = {
    "append": {"single", "hundreds", "16_writers"},
    "replay": {"fold", "log"},
    "consume": {""},
}
missing = binaries() is None or find_spec("psycopg_pool") is None
with_peer_on_postgres = pytest.mark.skipif(
    missing and not os.environ.get("CI"),
    reason="needs PostgreSQL, and psycopg-pool for the peer (pip install 'eventsourcing[postgres]')",
)


def well_formed(report: Report, name: str) -> None:
    assert report.bench == name
    assert report.rounds >= 1
    assert all(figure.value > 0 and figure.unit for figure in report.figures.values())
    assert report.ratios.keys() == report.ratio_spread.keys()
    for ratio, (lowest, highest) in report.ratio_spread.items():
        assert 0 < lowest <= report.ratios[ratio] <= highest
    assert Report.model_validate(json.loads(report.model_dump_json())) == report


def expected(name: str, database: str) -> set[str]:
    return {f"{database}_{ratio}".rstrip("_") for ratio in RATIOS[name]}


@pytest.mark.parametrize("name", BENCHES)
def test_a_bench_on_sqlite_compares_ours_with_the_peer(name: str) -> None:
    report = BENCHES[name](seconds=TINY_S, postgres=False, progress=False)
    well_formed(report, name)
    assert expected(name, "sqlite") <= report.ratios.keys()
    assert report.left_out == ("PostgreSQL: not asked for",)


@with_peer_on_postgres
@pytest.mark.parametrize("name", BENCHES)
def test_a_bench_on_both_databases_compares_ours_with_the_peer(name: str) -> None:
    report = BENCHES[name](seconds=TINY_S, progress=False)
    well_formed(report, name)
    assert expected(name, "sqlite") | expected(name, "postgres") <= report.ratios.keys()
    assert report.left_out == ()


def test_consuming_tells_how_long_a_message_takes() -> None:
    report = BENCHES["consume"](seconds=TINY_S, postgres=False, progress=False)
    p50, p99 = report.figures["sqlite_latency_p50"], report.figures["sqlite_latency_p99"]
    assert p50.unit == p99.unit == "ms"
    assert p50.value <= p99.value


@pytest.mark.parametrize("seconds", [0.0, -1.0, 3600.0, float("nan")])
def test_a_bench_refuses_to_take_no_time_or_for_ever(seconds: float) -> None:
    with pytest.raises(BadScaleError, match="between 0 and 600 seconds"):
        BENCHES["append"](seconds=seconds)
