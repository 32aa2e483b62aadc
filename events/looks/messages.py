"""A look on the wire: a request on core NATS with the grant as its body, and a reply that JetStream never sees.

The reply's headers say which look and frame it is and when it was taken, or why there is none; its body is the sealed
picture. Later frames of the same look come to the same reply address.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from events.looks.picture import SealedPicture

HEADER_LOOK = "Tillsyn-Look"
HEADER_FRAME = "Tillsyn-Frame"
HEADER_TAKEN_AT = "Tillsyn-Taken-At"
HEADER_FAULT = "Tillsyn-Fault"
HEADER_DETAIL = "Tillsyn-Detail"
MOST_DETAIL = 200
"""Characters of a fault's explanation that are kept."""


class LookFault(StrEnum):
    """Why a look shows nothing."""

    BAD_GRANT = "bad-grant"
    NOT_NOW = "not-now"
    USED_UP = "used-up"
    SUSPENDED = "suspended"
    OUTDATED_SCHEDULE = "outdated-schedule"
    UNKNOWN_CAMERA = "unknown-camera"
    CAMERA = "camera"
    GATEWAY_SILENT = "gateway-silent"


@dataclass(frozen=True, slots=True)
class NoPicture:
    """The look's other ending: a fault from the list, and one sentence for people."""

    look: UUID | None
    fault: LookFault
    detail: str


def reply_headers(reply: SealedPicture | NoPicture) -> dict[str, str]:
    """The headers that carry everything but the ciphertext."""
    match reply:
        case SealedPicture():
            return {
                HEADER_LOOK: str(reply.look),
                HEADER_FRAME: str(reply.frame),
                HEADER_TAKEN_AT: reply.taken_at.isoformat(),
            }
        case NoPicture():
            look = {HEADER_LOOK: str(reply.look)} if reply.look else {}
            return look | {HEADER_FAULT: reply.fault.value, HEADER_DETAIL: reply.detail}


def read_reply(headers: dict[str, str] | None, body: bytes) -> SealedPicture | NoPicture:
    """What a gateway answered. A reply that makes no sense counts as a gateway that is silent."""
    said = headers or {}
    try:
        if HEADER_FAULT in said:
            look = UUID(said[HEADER_LOOK]) if HEADER_LOOK in said else None
            return NoPicture(look, LookFault(said[HEADER_FAULT]), _few_words(said.get(HEADER_DETAIL, "")))
        taken_at = datetime.fromisoformat(said[HEADER_TAKEN_AT])
        return SealedPicture(UUID(said[HEADER_LOOK]), int(said[HEADER_FRAME]), taken_at, body)
    except (KeyError, ValueError) as error:
        return NoPicture(None, LookFault.GATEWAY_SILENT, _few_words(f"the gateway's reply cannot be read: {error}"))


def _few_words(text: str) -> str:
    """`text` in one line of printable characters, cut: it goes into the log, and a gateway could say anything."""
    return "".join(character if character.isprintable() else " " for character in text[:MOST_DETAIL])
