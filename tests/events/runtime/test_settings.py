"""Settings: what is given, then the environment, then the file, then defaults; and one clear line when it is wrong."""

from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import BaseModel, Field, SecretStr

from events.runtime.settings import BadConfigurationError, Duration, PartSettings


class LampSettings(PartSettings):
    """A part of its own for these tests."""

    TABLE: ClassVar[str] = "lamp"

    brightness: int = Field(5, ge=0, le=10, description="How bright.")
    room: str = Field(description="Where it hangs; must be said.")
    dims_after: Duration = Field(timedelta(minutes=5), gt=timedelta(0), description="From the last step in the room.")


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "BRIGHTNESS", "ROOM", "DIMS_AFTER", "DATA", "NATS_URL", "LOG_LEVEL", "HEALTH_PORT"):
        monkeypatch.delenv(f"TILLSYN_{name}", raising=False)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "tillsyn.toml"
    file.write_text('[lamp]\nbrightness = 7\nroom = "hall"\n\n[other]\nanything = 1\n')
    return file


def test_what_is_given_beats_the_environment_which_beats_the_file(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LampSettings.load(config).brightness == 7
    monkeypatch.setenv("TILLSYN_BRIGHTNESS", "8")
    assert LampSettings.load(config).brightness == 8
    assert LampSettings.load(config, brightness=9).brightness == 9


def test_without_file_and_environment_there_are_defaults() -> None:
    settings = LampSettings.load(room="hall")

    assert (settings.brightness, settings.nats_url, settings.log_format) == (5, "nats://127.0.0.1:4222", "json")


def test_the_file_can_be_named_by_the_environment(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILLSYN_CONFIG", str(config))

    assert LampSettings.load().room == "hall"


def test_one_files_values_do_not_stay_for_the_next_part(config: Path) -> None:
    LampSettings.load(config)

    with pytest.raises(BadConfigurationError, match="TILLSYN_ROOM"):
        LampSettings.load()


@pytest.mark.parametrize("said", ["90", "90.0", "PT90S", "PT1M30S"])
def test_a_duration_is_said_in_seconds_or_as_iso_8601_in_a_variable(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILLSYN_DIMS_AFTER", said)

    assert LampSettings.load(room="hall").dims_after == timedelta(seconds=90)


@pytest.mark.parametrize("said", ["90", "90.0", '"90"', '"PT90S"'])
def test_a_duration_is_said_in_seconds_or_as_iso_8601_in_the_file(said: str, config: Path) -> None:
    config.write_text(f'[lamp]\nroom = "hall"\ndims_after = {said}\n')

    assert LampSettings.load(config).dims_after == timedelta(seconds=90)


def test_settings_never_change(config: Path) -> None:
    with pytest.raises(Exception, match="frozen"):
        LampSettings.load(config).room = "cellar"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({}, "TILLSYN_ROOM: Field required; see docs/configuration.md"),
        ({"ROOM": "hall", "BRIGHTNESS": "bright"}, "TILLSYN_BRIGHTNESS: Input should be a valid integer"),
        ({"ROOM": "hall", "BRIGHTNESS": "11"}, "TILLSYN_BRIGHTNESS: Input should be less than or equal to 10"),
        ({"ROOM": "hall", "DIMS_AFTER": "soon"}, "TILLSYN_DIMS_AFTER: Input should be a valid timedelta"),
        ({"ROOM": "hall", "DIMS_AFTER": "-5"}, "TILLSYN_DIMS_AFTER: Input should be greater than 0"),
        ({"ROOM": "hall", "LOG_LEVEL": "loud"}, "TILLSYN_LOG_LEVEL: Input should be 'debug', 'info'"),
        ({"ROOM": "hall", "HEALTH_PORT": "65536"}, "TILLSYN_HEALTH_PORT: Input should be less than or equal to 65535"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value_in_one_line(
    variables: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"TILLSYN_{name}", value)

    with pytest.raises(BadConfigurationError) as error:
        LampSettings.load()

    assert str(error.value).startswith(told)
    assert "\n" not in str(error.value)
    assert "see docs/configuration.md" in str(error.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[lamp\n", "is not TOML"),
        ("[lamp]\nbrigthness = 3\n", r"\[lamp\] has no setting 'brigthness'"),
        (b"\xff\xfe", "is not TOML"),
        ("lamp = 5\n", r"\[lamp\] is no table"),
        ("brightness = 3\n[lamp]\n", r"'brightness' stands in no table"),
    ],
)
def test_a_bad_file_is_named(text: str | bytes, told: str, tmp_path: Path) -> None:
    file = tmp_path / "tillsyn.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(BadConfigurationError, match=told) as error:
        LampSettings.load(file)
    assert "tillsyn.toml" in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConfigurationError, match=r"missing\.toml: No such file"):
        LampSettings.load(tmp_path / "missing.toml")


def test_a_wrong_value_beside_secrets_is_placed_and_not_repeated() -> None:
    class Key(BaseModel):
        code: SecretStr = Field(min_length=8)

    class DoorSettings(PartSettings):
        """A door."""

        keys: tuple[Key, ...] = Field((), description="Its keys.")

    with pytest.raises(BadConfigurationError) as refused:
        DoorSettings.load(keys=[{"code": "s3cret"}])

    assert str(refused.value).startswith("TILLSYN_KEYS 0.code: ")
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("said", ["s3cret", '{"3": "s3cret"', "{'3': 's3cret'}"])
def test_a_table_or_list_in_a_variable_that_is_not_json_is_named_and_not_repeated(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class HouseSettings(PartSettings):
        """A house."""

        codes: dict[int, SecretStr] = Field(default_factory=dict, description="Of its doors.")

    monkeypatch.setenv("TILLSYN_CODES", said)
    with pytest.raises(
        BadConfigurationError, match=r'TILLSYN_CODES: it is not JSON; write a table as {"name"'
    ) as refused:
        HouseSettings.load()
    assert "s3cret" not in str(refused.value)

    monkeypatch.setenv("TILLSYN_CODES", '{"3": "s3cret"}')
    assert HouseSettings.load().codes[3].get_secret_value() == "s3cret"
