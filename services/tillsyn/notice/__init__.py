"""A notice: what a role must have been told. It asks for reading, by name, and for nothing else."""

from services.tillsyn.notice.decide import Command, NoSuchNoticeError, Read, Send, decide
from services.tillsyn.notice.state import EMPTY, Notice, evolve, notice_id, stream_of

__all__ = [
    "EMPTY",
    "Command",
    "NoSuchNoticeError",
    "Notice",
    "Read",
    "Send",
    "decide",
    "evolve",
    "notice_id",
    "stream_of",
]
