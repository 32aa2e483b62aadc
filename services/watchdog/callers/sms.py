"""SMS through whatever HTTP gateway the municipality has: GET, a form, or JSON, as its settings spell it."""

import json
from base64 import b64encode
from collections.abc import Mapping
from string import Template
from typing import Any
from urllib.parse import quote, urlencode

from events.runtime.settings import BadConfigurationError
from services.watchdog.callers.webhook import send
from services.watchdog.settings import SmsSettings
from services.watchdog.words import Message

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class Sms:
    """One recipient of a gateway."""

    def __init__(self, settings: SmsSettings, number: int) -> None:
        """`number` counts the recipients from 1: log lines name it so. BadConfigurationError for a bad template."""
        self.name = f"{settings.name}-{number}"
        self.joins_at = settings.joins_at
        self._settings = settings
        self._to = settings.recipients[number - 1].get_secret_value()
        self._json = _template(settings)

    async def call(self, message: Message) -> None:
        settings, given = self._settings, {"to": self._to, "text": message.short}
        headers = {name: value.get_secret_value() for name, value in settings.headers.items()}
        if settings.user:
            login = f"{settings.user}:{settings.password.get_secret_value()}".encode()
            headers["Authorization"] = f"Basic {b64encode(login).decode()}"
        escaped = {name: quote(value, safe="") for name, value in given.items()}
        url = Template(settings.url.get_secret_value()).safe_substitute(escaped)
        body, kind = self._body(given)
        await send(url, body, kind, headers, settings.timeout_s)

    def _body(self, given: Mapping[str, str]) -> tuple[bytes | None, str]:
        if self._settings.form:
            return urlencode(_filled(self._settings.form, given)).encode(), FORM
        if self._json is not None:
            return json.dumps(_filled(self._json, given)).encode(), JSON
        return None, ""


def _template(settings: SmsSettings) -> Any:
    if settings.form and settings.body:
        raise BadConfigurationError(f"TILLSYN_SMS: {settings.name!r} has both `form` and `body`; give one of them")
    if not settings.body:
        return None
    try:
        return json.loads(settings.body)
    except ValueError:
        raise BadConfigurationError(
            f"TILLSYN_SMS: the `body` of {settings.name!r} is not JSON; see docs/watchdog.md"
        ) from None


def _filled(template: Any, given: Mapping[str, str]) -> Any:
    """The template with its words put in, at any depth."""
    match template:
        case str():
            return Template(template).safe_substitute(given)
        case dict():
            return {key: _filled(value, given) for key, value in template.items()}
        case list():
            return [_filled(value, given) for value in template]
        case _:
            return template
