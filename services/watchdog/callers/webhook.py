"""A webhook: the message as JSON, by POST. Any 2xx says that it has arrived."""

import json
import urllib.request

from services.watchdog.callers.caller import CallFailedError
from services.watchdog.settings import WebhookSettings
from services.watchdog.web import NoAnswerError, exchange
from services.watchdog.words import Message, as_json


class Webhook:
    """One address."""

    def __init__(self, settings: WebhookSettings) -> None:
        self.name = settings.name
        self.joins_at = settings.joins_at
        self._settings = settings

    async def call(self, message: Message) -> None:
        headers = {name: value.get_secret_value() for name, value in self._settings.headers.items()}
        body = json.dumps(as_json(message), ensure_ascii=False).encode()
        await send(self._settings.url.get_secret_value(), body, "application/json", headers, self._settings.timeout_s)


async def send(url: str, body: bytes | None, kind: str, headers: dict[str, str], timeout_s: float) -> None:
    """POST `body`, or GET without one. CallFailedError for anything but a 2xx in time."""
    given = {"User-Agent": "tillsyn-watchdog", **headers}
    if body is not None:
        given = {"Content-Type": kind, **given}
    request = urllib.request.Request(url, data=body, headers=given)  # noqa: S310 - the settings allow http and https only
    try:
        answer = await exchange(request, timeout_s)
    except NoAnswerError as error:
        raise CallFailedError(str(error)) from None
    if not answer.good:
        raise CallFailedError(f"it answers {answer.status}")
