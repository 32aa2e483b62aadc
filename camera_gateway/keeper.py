"""The schedule kept at home: taken from the NATS bucket, written to disk, and in force without any network.

Only a newer document of our own gateway that can be read in full takes the place of the one in force.
"""

import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from pydantic import ValidationError

from camera_gateway.line import LINE_ERRORS, answer_to
from camera_gateway.reserve import Reserve
from events.home_schedule import GatewaySchedule
from events.registry import first_error
from events.runtime.clock import Clock, Signal, sleep
from events.schedule import DuplicateEntryError, UnknownZoneError, longest_ordinary_gap, zone_named
from events.transport.users import schedule_request, schedule_subject

log = structlog.get_logger()

ANSWER_WITHIN_S = 2.0


class BadScheduleError(Exception):
    """A document is not a schedule that this gateway could work by; the message says why, in one line."""


class Keeper:
    """Holds the schedule in force. `changed` is notified when another one takes its place.

    The same document lies on disk twice: one copy is enough after a restart. A copy that could not be written anew is
    removed, so that an older agreement never comes back, which could open a camera for somebody who has since said no.
    """

    def __init__(
        self, file: Path, organisation: UUID, gateway: UUID, changed: Signal, reserve: Reserve | None = None
    ) -> None:
        self._file = file
        self._copies = (file, file.with_name(f"{file.name}.copy"))
        self._organisation = organisation
        self._gateway = gateway
        self._reserve = reserve
        self._unkept: bytes | None = None
        self.changed = changed
        self.current: GatewaySchedule | None = None

    @property
    def revision(self) -> int:
        """The revision in force; 0 when there is no schedule yet."""
        return self.current.revision if self.current else 0

    @property
    def trouble(self) -> str | None:
        """What is wrong with the copies on disk, in a few words."""
        return None if self._unkept is None else f"revision {self.revision} is in force, but cannot be kept on disk"

    def load(self) -> None:
        """Take what lies on disk into force, without any network. A copy that cannot be read is named in the log."""
        kept = [found for copy in self._copies if (found := self._kept(copy)) is not None]
        if not kept:
            if not any(copy.exists() for copy in self._copies):
                log.info("no schedule kept yet", file=str(self._file))
            return
        self.current, document = max(kept, key=lambda found: found[0].revision)  # of equal ones the first
        if [held for _, held in kept] != [document] * len(self._copies):
            log.warning("the other copy of the schedule is mended", file=str(self._file), revision=self.revision)
            self._keep(document)

    def keep_again(self) -> None:
        """Write what the disk has not taken yet."""
        if self._unkept is not None:
            self._keep(self._unkept)

    def offer(self, document: bytes) -> bool:
        """Take `document` into force if it is a schedule of ours and not an older one; says whether it did."""
        try:
            offered = self._read(document)
        except BadScheduleError as error:
            log.error("schedule refused; the last good one stays in force", why=str(error), revision=self.revision)
            return False
        if offered == self.current:
            return False
        if offered.revision < self.revision:
            log.warning("older schedule refused", offered=offered.revision, revision=self.revision)
            return False
        self._take(offered, document)
        return True

    def _take(self, offered: GatewaySchedule, document: bytes) -> None:
        self.current = offered  # in force even if the disk is full: it may be a withdrawal
        self._keep(document)
        log.info("schedule in force", revision=offered.revision, homes=len(offered.homes))
        self.changed.notify()

    def _keep(self, document: bytes) -> None:
        failed = [copy for copy in self._copies if not self._written(copy, document)]
        first_time, self._unkept = self._unkept is None, document if failed else None
        if failed and first_time:
            log.error("the schedule is in force but cannot be kept on disk", file=str(self._file), copies=len(failed))
        if len(failed) < len(self._copies):
            for outdated in failed:
                with suppress(OSError):
                    outdated.unlink(missing_ok=True)

    def _written(self, copy: Path, document: bytes) -> bool:
        try:
            try:
                write_atomically(copy, document)
            except OSError:
                if self._reserve is None or not self._reserve.give_up():
                    raise
                write_atomically(copy, document)
        except OSError as error:
            if self._unkept is None:
                log.warning("no room for the schedule", file=str(copy), why=str(error))
            return False
        return True

    def _kept(self, copy: Path) -> tuple[GatewaySchedule, bytes] | None:
        try:
            document = copy.read_bytes()
            return self._read(document), document
        except FileNotFoundError:
            return None
        except (BadScheduleError, OSError) as error:
            log.error("a kept schedule cannot be used", file=str(copy), why=str(error))
            return None

    def _read(self, document: bytes) -> GatewaySchedule:
        try:
            schedule = GatewaySchedule.model_validate_json(document)
            for home in schedule.homes:
                for recipient in home.recipients:
                    zone_named(recipient.zone)
                    for period in recipient.periods:
                        longest_ordinary_gap(period.entries)
        except ValidationError as error:
            raise BadScheduleError(first_error(error)) from None
        except (UnknownZoneError, DuplicateEntryError) as error:
            raise BadScheduleError(str(error)) from None
        if (schedule.organisation, schedule.gateway) != (self._organisation, self._gateway):
            raise BadScheduleError(f"it is the schedule of gateway {schedule.gateway} of {schedule.organisation}")
        return schedule

    async def catch_up(self, client: Client) -> bool:
        """Ask the bucket once for the schedule; says whether another one came into force. LINE_ERRORS if it is away.

        A request of our own instead of nats-py's key-value client, which asks for more than a gateway may know.
        """
        reply = await answer_to(client.request(schedule_request(self._gateway), timeout=ANSWER_WITHIN_S))
        return bool(reply.data) and self.offer(reply.data)  # without data: not there yet, or deleted

    async def listen(self, client: Client) -> None:
        """Hear of every change while connected: a put into the bucket is a published message."""

        async def heard(message: Msg) -> None:
            if message.data:  # without data it is a deletion: nothing to work by, so the last good one stays
                self.offer(message.data)

        await client.subscribe(schedule_subject(self._gateway), cb=heard)

    async def follow(self, client: Client, clock: Clock, every: timedelta, again: Signal) -> None:
        """Ask the bucket at `again`, and at least `every` so often: what was put while we were away was not heard."""
        while True:
            await sleep(clock, every, again)
            if client.is_connected:
                await self.try_to_catch_up(client)

    async def try_to_catch_up(self, client: Client) -> None:
        """`catch_up`, where the schedule in force will do when nobody answers."""
        try:
            await self.catch_up(client)
        except LINE_ERRORS as error:
            log.warning("the schedule bucket does not answer", why=str(error) or type(error).__name__)


def write_atomically(file: Path, content: bytes) -> None:
    """Put `content` in place all at once: after a power cut the file is the old one or the new one, never half."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(file.name + ".new")
    try:
        with unfinished.open("wb") as writing:
            writing.write(content)
            writing.flush()
            os.fsync(writing.fileno())
        unfinished.replace(file)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)  # half a file only takes room
        raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
