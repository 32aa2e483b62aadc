"""Places: written whole or not at all, and looked after; the same behaviour of a folder and of a server."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from events.runtime.settings import BadConfigurationError
from services.offline_list.places import Folder, Place, PlaceError, WebFolder, what_is_missing
from services.offline_list.settings import OfflineListSettings
from tests.services.offline_list.evening import files
from tests.services.offline_list.server import PASSWORD, USER, KeepingServer, keeping_server

FILE, DATA = "tillsyn-2026-11-03-bil-1-c5579759.pdf", b"sealed" * 1000
DIGEST = sha256(DATA).hexdigest()


@pytest.fixture
def server() -> Iterator[KeepingServer]:
    with keeping_server() as started:
        yield started


@pytest.fixture(params=["folder", "web", "web without MOVE"])
def place(request: pytest.FixtureRequest, folder: Path, server: KeepingServer) -> Place:
    server.moves = request.param == "web"
    return Folder(folder) if request.param == "folder" else WebFolder(server.address, USER, PASSWORD)


async def test_what_was_put_has_arrived_and_replaces_what_was_there(place: Place) -> None:
    await place.put(FILE, b"older")
    assert "another file" in str(await what_is_missing(place, FILE, DIGEST))
    await place.put(FILE, DATA)

    assert await what_is_missing(place, FILE, DIGEST) is None


async def test_what_is_not_there_is_missing_and_removing_it_twice_is_nothing(place: Place) -> None:
    await place.put(FILE, DATA)
    await place.remove(FILE)
    await place.remove(FILE)

    assert await what_is_missing(place, FILE, DIGEST) == f"{place.name}: it is not there"


async def test_nothing_but_the_file_itself_is_left(place: Place, folder: Path, server: KeepingServer) -> None:
    await place.put(FILE, DATA)

    assert [*files(folder), *server.kept] in ([FILE], [f"/listor/{FILE}"])


async def test_a_server_that_keeps_half_of_it_is_found_out(server: KeepingServer) -> None:
    server.keeps_at_most = 100
    place = WebFolder(server.address, USER, PASSWORD)
    await place.put(FILE, DATA)

    assert "cut off (100 bytes)" in str(await what_is_missing(place, FILE, DIGEST))


async def test_a_file_is_never_half_there_under_its_own_name(server: KeepingServer) -> None:
    await WebFolder(server.address, USER, PASSWORD).put(FILE, DATA)

    assert server.asked == [f"PUT /listor/{FILE}.part", f"MOVE /listor/{FILE}.part"]


async def test_a_folder_that_cannot_be_written_leaves_what_was_there(folder: Path) -> None:
    place = Folder(folder)
    await place.put(FILE, DATA)
    (folder / f".{FILE}.part").mkdir()  # as full as a disk can be

    with pytest.raises(PlaceError):
        await place.put(FILE, b"newer")
    assert await what_is_missing(place, FILE, DIGEST) is None


async def test_a_share_that_is_not_mounted_is_not_made_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(PlaceError, match="No such file"):
        await Folder(tmp_path / "away").put(FILE, DATA)
    assert "No such file" in str(await what_is_missing(Folder(tmp_path / "away"), FILE, DIGEST))


async def test_a_server_that_refuses_or_is_gone_is_told_without_address_or_password(server: KeepingServer) -> None:
    with pytest.raises(PlaceError, match=r"^PUT was answered with 401$"):
        await WebFolder(server.address, USER, "wrong").put(FILE, DATA)
    address = server.address
    server.shutdown()
    server.server_close()
    with pytest.raises(PlaceError, match=r"^Connection refused$"):
        await WebFolder(address, USER, PASSWORD).get(FILE)


@pytest.mark.parametrize("address", ["http://filer.example/x", "ftp://filer", "https://user:pw@filer.example/x", "x"])
def test_an_address_over_which_a_password_would_travel_in_clear_is_refused(address: str) -> None:
    with pytest.raises(BadConfigurationError) as refused:
        OfflineListSettings.load(offline_web=address)

    assert address not in str(refused.value)
