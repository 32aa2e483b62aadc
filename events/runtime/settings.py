"""Settings of a part: variables ``TILLSYN_…``, then the part's table in a TOML file, then defaults."""

import os
import re
import tomllib
from contextvars import ContextVar
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import BaseModel, BeforeValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

ENV_PREFIX = "TILLSYN_"
CONFIG_VARIABLE = "TILLSYN_CONFIG"

_FIELD = re.compile(r'field "(\w+)"')
"""Where pydantic-settings names the field of a value that it cannot take apart."""

_file_table: ContextVar[dict[str, Any]] = ContextVar("file_table")


def seconds(given: Any) -> Any:
    """Text that is a number, as every number in a variable is, as that number; anything else as it is."""
    try:
        return float(given) if isinstance(given, str) else given
    except ValueError:
        return given


Duration = Annotated[timedelta, BeforeValidator(seconds)]
"""ISO 8601 (``PT5M``), or seconds, also as text (``300``)."""


class BadConfigurationError(Exception):
    """A setting is missing or wrong; the message names it, its value and what to do, in one line."""


class PartSettings(BaseSettings):
    """What all parts share. Each part's own model adds to it and names its table in the TOML file."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, extra="ignore", frozen=True)
    TABLE: ClassVar[str] = ""

    data: Path = Field(Path("data"), description="Folder for what this machine keeps: database, keys, NATS, spools.")
    nats_url: str = Field("nats://127.0.0.1:4222", description="Where NATS answers.")
    health_host: str = Field("127.0.0.1", description="Address of the health and metrics page.")
    health_port: int = Field(0, ge=0, le=65535, description="Port of the health and metrics page; 0 switches it off.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least that is logged.")
    log_format: Literal["json", "console"] = Field("json", description="JSON lines, or lines for people.")

    @classmethod
    def load(cls, config: Path | None = None, **given: Any) -> Self:
        """Settings from `given`, the environment and the TOML file; BadConfigurationError in one line otherwise."""
        named = config or (Path(value) if (value := os.environ.get(CONFIG_VARIABLE)) else None)
        token = _file_table.set(_read_table(named, cls) if named else {})
        try:
            return cls(**given)
        except ValidationError as error:
            raise BadConfigurationError(_one_line(error, cls)) from None
        except SettingsError as error:
            raise BadConfigurationError(_not_json(error)) from None
        finally:
            _file_table.reset(token)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given in code, then the environment, then the file."""
        return init_settings, env_settings, InitSettingsSource(settings_cls, _file_table.get({}))


def _read_table(path: Path, part: type[PartSettings]) -> dict[str, Any]:
    try:
        document = tomllib.loads(path.read_text())
    except OSError as error:
        raise BadConfigurationError(f"cannot read the configuration {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfigurationError(f"{path} is not TOML: {error}") from None
    loose = sorted(name for name, value in document.items() if not isinstance(value, dict) and name != part.TABLE)
    if loose:
        raise BadConfigurationError(f"{path}: {loose[0]!r} stands in no table; see docs/configuration.md")
    table: dict[str, Any] = document.get(part.TABLE, {})
    if not isinstance(table, dict):
        raise BadConfigurationError(f"{path}: [{part.TABLE}] is no table; see docs/configuration.md")
    unknown = sorted(set(table) - set(part.model_fields))
    if unknown:
        raise BadConfigurationError(f"{path}: [{part.TABLE}] has no setting {unknown[0]!r}; see docs/configuration.md")
    return table


def _one_line(error: ValidationError, part: type[PartSettings]) -> str:
    first = error.errors(include_url=False)[0]
    name, *inside = (str(place) for place in first["loc"] or ("settings",))
    name = name.removeprefix(ENV_PREFIX).lower()
    secret = name in part.model_fields and "Secret" in _in_full(part.model_fields[name].annotation)
    value = "" if first["type"] == "missing" or secret else f" (it is {first['input']!r})"
    where = f" {'.'.join(inside)}" if inside else ""
    return f"{ENV_PREFIX}{name.upper()}{where}: {first['msg']}{value}; see docs/configuration.md"


def _not_json(error: SettingsError) -> str:
    """Of a table or list in a variable. What it holds may be secret, and is not repeated."""
    field = _FIELD.search(str(error))
    name = f"{ENV_PREFIX}{field[1].upper()}" if field else f"a variable {ENV_PREFIX}…"
    return (
        f'{name}: it is not JSON; write a table as {{"name": "value"}}, a list as ["value"]; see docs/configuration.md'
    )


def _in_full(annotation: Any) -> str:
    """A type in words, with those of all fields of models in it."""
    inner = [_in_full(argument) for argument in get_args(annotation)]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        inner += [_in_full(field.annotation) for field in annotation.model_fields.values()]
    return f"{getattr(annotation, '__name__', annotation)} {' '.join(inner)}"
