"""PostgreSQL's configuration, read by PostgreSQL."""

from collections.abc import Iterator
from importlib import resources

import psycopg
import pytest

from tests.postgres import Cluster, cluster

OVERRULED = "setting could not be applied"  # the test cluster gives some on the command line, which wins


@pytest.fixture(scope="module")
def configured() -> Iterator[Cluster]:
    """A cluster that has taken our files."""
    files = resources.files("deploy").joinpath("postgres")
    with cluster() as postgres:
        data = postgres.home / "data"
        (data / "ours.conf").write_text(files.joinpath("postgresql.conf").read_text())
        with (data / "postgresql.conf").open("a") as file:
            file.write("include 'ours.conf'\n")
        (data / "pg_hba.conf").write_text(files.joinpath("pg_hba.conf").read_text())
        with postgres.connect(autocommit=True) as connection:
            connection.execute("CREATE ROLE stranger LOGIN SUPERUSER PASSWORD 'x'")
        postgres.restart()
        yield postgres


def test_every_line_of_both_files_is_understood(configured: Cluster) -> None:
    with configured.connect() as connection:
        told = connection.execute("SELECT sourceline, error FROM pg_file_settings WHERE error <> ''").fetchall()
        wrong = [row for row in told if row[1] != OVERRULED]
        wrong += connection.execute("SELECT line_number, error FROM pg_hba_file_rules WHERE error <> ''").fetchall()

    assert wrong == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("password_encryption", "scram-sha-256"),
        ("idle_in_transaction_session_timeout", "10s"),
        ("statement_timeout", "1min"),
        ("lock_timeout", "10s"),
        ("log_parameter_max_length", "0"),
        ("log_parameter_max_length_on_error", "0"),
        ("log_error_verbosity", "terse"),
        ("TimeZone", "UTC"),
    ],
)
def test_what_must_hold_does(configured: Cluster, setting: str, value: str) -> None:
    with configured.connect() as connection:
        row = connection.execute("SELECT current_setting(%s)", (setting,)).fetchone()

    assert row == (value,)


def test_a_wrong_password_is_refused(configured: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(configured.url().replace(configured.password, "guess"))


def test_whoever_is_not_listed_is_refused_with_the_right_password_too(configured: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
        psycopg.connect(f"postgresql://stranger:x@127.0.0.1:{configured.port}/postgres")


def test_nobody_is_let_in_for_their_address(configured: Cluster) -> None:
    with configured.connect() as connection:
        methods = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()

    assert {method for (method,) in methods} == {"scram-sha-256", "peer"}
