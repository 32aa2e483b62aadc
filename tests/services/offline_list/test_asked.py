"""How a list stands when somebody asks: before its time, in time, and long after its night."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

from services.offline_list.asked import Asked
from services.offline_list.delivering import Deliverer
from services.offline_list.making import Maker
from services.offline_list.places import Folder
from services.offline_list.words import Language
from tests.builders import NIGHT, UNIT, hours
from tests.services.offline_list.evening import OWNER, PASSWORDS, two_patrols
from tests.services.tillsyn.house import House, register_home, register_unit

NewHouse = Callable[[str], Awaitable[House]]


def asked_of(house: House, folder: Path) -> Asked:
    deliverer = Deliverer(house.ledger, (Folder(folder),))
    return Asked(house.ledger, Maker(house.ledger, PASSWORDS, Language.SWEDISH), deliverer)


async def stands(asked: Asked, night: date) -> list[tuple[str, bool]]:
    """What is said of each list of the night, and whether anything is wrong."""
    rows = await asked.standings(await asked.lists(night, None, None), before=hours(1))
    return [(row.says, row.wrong is not None) for row in rows]


async def test_a_list_of_a_night_that_is_over_is_not_said_to_be_due_yet(
    house_on: NewHouse, sqlite_url: str, folder: Path
) -> None:
    house = await house_on(sqlite_url)
    await register_unit(house)
    await two_patrols(house)
    await register_home(house, "22:00")
    await house.planner.plan_all()
    asked = asked_of(house, folder)
    assert await stands(asked, NIGHT) == [("not due yet", False)] * 2
    assert await stands(asked, NIGHT - timedelta(days=3)) == [("never made", True)] * 2
    for one in await asked.lists(NIGHT, UNIT, None):
        await asked.make(one, bring=True)
    assert await stands(asked, NIGHT) == [("there", False)] * 2

    deliverer = Deliverer(house.ledger, (Folder(folder),))
    assert await deliverer.remove_old(OWNER, UNIT, NIGHT + timedelta(days=1)) is None

    assert await stands(asked, NIGHT) == [("removed", True)] * 2
