"""An ordinary look: what all stories begin from."""

from pathlib import Path

from tests.night.told.dwellings import Dwelling
from tests.night.told.village import a_village

STORY = """\
22:00 Astrid: Anna ser en bild
22:00 Astrid: allt väl, genom kameran: Anna"""


async def test_an_ordinary_look_is_two_lines(tmp_path: Path, films: Path) -> None:
    async with a_village(tmp_path, films, Dwelling("Gröndal", {"Astrid": ("22:00",)})) as village:
        await village.until("22:00:30")
        await village.sees_all_well("Anna", "Astrid")
        await village.until("23:30")

        assert "\n".join(await village.story("21:50", "23:30")) == STORY
        assert await village.breaches() == []
