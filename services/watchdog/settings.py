"""The watchdog's settings: what it watches, how old a proof may be, and over which ways it calls whom."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from events.runtime.settings import Duration, PartSettings


def _http(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("give http://… or https://…")
    return address


def _secret_http(address: SecretStr) -> SecretStr:
    _http(address.get_secret_value())
    return address


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError):
        raise ValueError("is no time zone; give one such as Europe/Stockholm") from None
    return name


Address = Annotated[str, AfterValidator(_http)]
SecretAddress = Annotated[SecretStr, AfterValidator(_secret_http)]
Limit = Annotated[Duration, Field(gt=timedelta(0), le=timedelta(days=1))]


class CallerSettings(BaseModel):
    """What every way of calling has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_.-]+$")
    joins_at: int = Field(1, ge=1, le=100)
    timeout_s: float = Field(10.0, gt=0, le=120)


class WebhookSettings(CallerSettings):
    """POST of JSON to an address."""

    url: SecretAddress
    headers: dict[str, SecretStr] = Field(default_factory=dict)


class MailSettings(CallerSettings):
    """Mail over SMTP, one message a recipient."""

    host: str = Field(min_length=1)
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    recipients: tuple[SecretStr, ...] = Field(min_length=1)


class SmsSettings(CallerSettings):
    """SMS through an HTTP gateway, one request a recipient; `$to` and `$text` stand for number and words."""

    url: SecretAddress
    form: dict[str, str] = Field(default_factory=dict)
    body: str = ""
    headers: dict[str, SecretStr] = Field(default_factory=dict)
    user: str = ""
    password: SecretStr = SecretStr("")
    recipients: tuple[SecretStr, ...] = Field(min_length=1)


class CommandSettings(CallerSettings):
    """A program that is given the short text on standard input; exit status 0 says that it has arrived."""

    program: tuple[str, ...] = Field(min_length=1)


class WatchdogSettings(PartSettings):
    """The watchdog, outside the service and its database: asks for proofs of life, and calls out when they get old.

    Addresses, numbers and passwords of callers stand in its file, which is a secret. `joins_at` says from which call on
    a caller is used: 1 is the first. See [how to run it](watchdog.md).
    """

    TABLE: ClassVar[str] = "watchdog"

    watch: tuple[Address, ...] = Field(
        min_length=1, description="Where each instance of the service answers, such as `http://10.0.0.5:8080/alive`."
    )
    look_interval: Limit = Field(timedelta(seconds=15), description="Between two rounds.")
    answer_within_s: float = Field(5.0, gt=0, le=60, description="Seconds in which an instance must have answered.")
    silent_after: Limit = Field(
        timedelta(minutes=2), description="The sweeper's newest proof may be so old; then it calls out."
    )
    planner_silent_after: Limit = Field(timedelta(minutes=15), description="The same for the planner.")
    again_after: tuple[Limit, ...] = Field(
        (timedelta(minutes=5), timedelta(minutes=4), timedelta(minutes=3), timedelta(minutes=2)),
        min_length=1,
        description="Between the first call and the second, the second and the third, and so on; the last one repeats.",
    )
    attempts: int = Field(3, ge=1, le=10, description="How often a caller tries in one round before it has failed.")
    attempt_pause_s: float = Field(1.0, ge=0, le=30, description="Seconds between two such attempts.")
    site: str = Field("", max_length=60, description="Whose installation it is, as the calls name it.")
    contact: str = Field(
        "", max_length=80, description="Whom the calls say to phone: an office or a duty line, not a person."
    )
    zone: Annotated[str, AfterValidator(_zone)] = Field(
        "Europe/Stockholm", description="Time zone of the times in the calls."
    )
    webhooks: tuple[WebhookSettings, ...] = Field((), description="Callers: POST of JSON.")
    mails: tuple[MailSettings, ...] = Field((), description="Callers: mail over SMTP.")
    sms: tuple[SmsSettings, ...] = Field((), description="Callers: SMS through an HTTP gateway.")
    commands: tuple[CommandSettings, ...] = Field((), description="Callers: a program, for modems.")
    dead_man_url: SecretAddress | None = Field(
        None, description="Asked after each round in which the watchdog did its duty: who watches the watchdog."
    )

    @property
    def state_file(self) -> Path:
        """What it remembers between rounds and runs."""
        return self.data / "watchdog.json"
