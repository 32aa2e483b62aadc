"""Who may speak to NATS, and about what: NKey seeds, and the server's ``users.conf`` made from them.

A gateway says only what is its own. It may publish its reports, answer looks that were asked of it, and read its own
schedule, both by get and, for changes, by a plain subscription to the key's subject (a put is a published message).
JetStream's own watch would need the right to make consumers, with which every schedule could be read.

Each user has an inbox prefix of its own, made from its public key, so nobody can listen to another's replies.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import nkeys

from events.transport import subjects

USERS_FILE = "users.conf"
MOST_REPLIES = 2100
"""To one look: its frames (`Grant.max_frames` allows 2000) and a last word."""
REPLIES_FOR = "3m"
"""Longer than `Grant.max_seconds` allows a look to last."""


class BadNatsKeyError(Exception):
    """A file or setting that should hold an NKey seed (or a public NKey) holds something else."""


@dataclass(frozen=True, slots=True)
class NatsUser:
    """One user: a public NKey, and the subjects it may publish and subscribe to; None is everything."""

    name: str
    public_key: str
    publish: tuple[str, ...] | None = None
    subscribe: tuple[str, ...] | None = None
    answers: bool = field(default=False)
    """May reply to requests, a bounded number of times."""

    @classmethod
    def service(cls, public_key: str) -> "NatsUser":
        """The tillsyn service, and the commands that set NATS up: everything."""
        return cls("service", public_key)

    @classmethod
    def relay(cls, public_key: str) -> "NatsUser":
        """The relay: publishes the feed and the gateways' schedules, and reads both to know where it stands."""
        feed, schedules = subjects.FEED_STREAM, f"KV_{subjects.SCHEDULES_BUCKET}"
        return cls(
            "relay",
            public_key,
            publish=(
                subjects.FEED_SUBJECTS,
                "$JS.API.INFO",
                f"$JS.API.STREAM.INFO.{feed}",
                f"$JS.API.STREAM.MSG.GET.{feed}",
                f"$JS.API.DIRECT.GET.{feed}",
                f"$JS.API.DIRECT.GET.{feed}.>",
                f"$KV.{subjects.SCHEDULES_BUCKET}.*",
                f"$JS.API.STREAM.INFO.{schedules}",
                f"$JS.API.STREAM.MSG.GET.{schedules}",
                f"$JS.API.DIRECT.GET.{schedules}.>",
            ),
            subscribe=(f"{inbox_prefix(public_key)}.>",),
        )

    @classmethod
    def gateway(cls, public_key: str, organisation: UUID, gateway: UUID) -> "NatsUser":
        """One gateway: its own reports, its own looks, its own schedule."""
        return cls(
            f"gateway {gateway}",
            public_key,
            publish=(
                subjects.everything_of(organisation, gateway),
                # the server checks the subject that it has mapped
                f"tillsyn.in.{subjects.partition_of(gateway)}.{organisation}.{gateway}.report",
                f"tillsyn.in.{subjects.partition_of(gateway)}.{organisation}.{gateway}.heartbeat",
                schedule_request(gateway),
            ),
            subscribe=(
                subjects.look(organisation, gateway),
                schedule_subject(gateway),
                f"{inbox_prefix(public_key)}.>",
            ),
            answers=True,
        )


def schedule_subject(gateway: UUID) -> str:
    """The subject that carries a gateway's schedule when it is put into the bucket: listen to it for changes."""
    return f"$KV.{subjects.SCHEDULES_BUCKET}.{gateway}"


def schedule_request(gateway: UUID) -> str:
    """The subject to ask for a gateway's schedule: JetStream's direct get, which names the key in the subject."""
    return f"$JS.API.DIRECT.GET.KV_{subjects.SCHEDULES_BUCKET}.{schedule_subject(gateway)}"


def inbox_prefix(public_key: str) -> str:
    """Where replies to the user with this key arrive."""
    return f"_INBOX.{public_key}"


def new_seed() -> str:
    """A new user's NKey seed: the private half, to be kept like a password."""
    seed: str = nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER).decode()
    return seed


def public_key(seed: str) -> str:
    """The public half of a user's seed; BadNatsKeyError when it is no such seed."""
    try:
        pair = nkeys.from_seed(bytearray(seed.strip().encode()))
        public: str = pair.public_key.decode()
    except (nkeys.NkeysError, ValueError, TypeError) as error:
        raise BadNatsKeyError(f"not an NKey seed: {type(error).__name__}") from None
    if not public.startswith("U"):
        raise BadNatsKeyError("an NKey seed, but not a user's (those begin with SU)")
    return public


def keep_seed(folder: Path, name: str) -> str:
    """The seed in ``<folder>/<name>.nk``, made there (readable by the owner alone) when it is missing."""
    path = folder / f"{name}.nk"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        seed = path.read_text().strip()
        _checked(seed, path)
        return seed
    seed = new_seed()
    with os.fdopen(handle, "w") as file:
        file.write(seed + "\n")
    return seed


def render_users(users: Iterable[NatsUser]) -> str:
    """The text of ``users.conf``; BadNatsKeyError when two users share a key, or one has none."""
    listed = sorted(users, key=lambda user: user.name)
    keys = [user.public_key for user in listed]
    if len(set(keys)) != len(keys):
        raise BadNatsKeyError("two NATS users have the same key; each user needs one of its own")
    gateways = [user for user in listed if user.answers]
    ours = [user for user in listed if not user.answers]
    return (
        "# Made by tillsyn; changes by hand are lost.\n"
        f"tillsyn_users = [\n{''.join(map(_entry, ours))}]\n"
        f"gateway_users = [\n{''.join(map(_entry, gateways))}]\n"
    )


def write_users(folder: Path, users: Iterable[NatsUser]) -> None:
    """Put ``users.conf`` into the server's folder, all at once, so that a reload never reads half of it."""
    text = render_users(users)
    unfinished = folder / f"{USERS_FILE}.new"
    unfinished.write_text(text)
    unfinished.chmod(0o600)
    unfinished.replace(folder / USERS_FILE)


def _checked(seed: str, path: Path) -> None:
    try:
        public_key(seed)
    except BadNatsKeyError as error:
        raise BadNatsKeyError(f"{path} holds no usable key ({error}); remove it and register the new key") from None


def _entry(user: NatsUser) -> str:
    if not user.public_key.startswith("U") or not user.public_key.isalnum():
        raise BadNatsKeyError(f"{user.name}: {user.public_key!r} is not a user's public NKey")
    permissions = []
    if user.publish is not None:
        permissions.append(f"publish: {{ allow: [{_quoted(user.publish)}] }}")
    if user.subscribe is not None:
        permissions.append(f"subscribe: {{ allow: [{_quoted(user.subscribe)}] }}")
    if user.answers:
        permissions.append(f'allow_responses: {{ max: {MOST_REPLIES}, expires: "{REPLIES_FOR}" }}')
    granted = f", permissions: {{ {', '.join(permissions)} }}" if permissions else ""
    return f"  # {user.name}\n  {{ nkey: {user.public_key}{granted} }}\n"


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)
