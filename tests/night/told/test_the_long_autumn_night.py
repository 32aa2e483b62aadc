"""The autumn night with two half past twos.

Clocks go back at 03:00. Astrid's checks, four hours apart on the wall, are five hours apart tonight: so there is
a look more, to which she has consented. At the first half past two Anna looks at Birger and her phone dies; when her
lease has run out Bertil takes over. At the second half past two nothing is due. At 02:50 Carl's gateway loses its line:
it makes his check at 03:00 and cannot say so, nobody here sees a picture, and Eva goes. Anna and Bertil want Astrid's
extra look in the same moment: one gets it. At 04:00 the line is back with an hour's reports; nothing happens twice.
"""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from events.store import queries
from events.types.visit import Found
from services.tillsyn.night.errors import LeaseHeldByOtherError, SlotSettledError
from tests.builders import an_id
from tests.night.told.dwellings import Dwelling
from tests.night.told.village import UNIT, Village, a_village

AUTUMN = date(2026, 10, 24)
ASTRID = Dwelling("Gröndal", {"Astrid": ("00:30", "04:30")})
BIRGER = Dwelling("Höjden", {"Birger": ("02:30",)})
CARL = Dwelling("Åsen", {"Carl": ("03:00",)}, gateway="söder", area="söder")

STORY = """\
00:30 Astrid: Anna ser en bild
00:30 Astrid: allt väl, genom kameran: Anna
02:30 Birger: Anna ser en bild
02:32 Birger: Bertil ser en bild
02:32 Birger: allt väl, genom kameran: Bertil
02:54 LARM: utrustning utan kontakt
02:56 Anna tar larmet (utrustning utan kontakt)
03:02 Carl: Anna får ingen bild: kameragatewayen är tyst
03:07 Carl: någon måste åka: kameran svarar inte
03:07 Carl: Bil 2 tillfrågas
03:10 Carl: Bil 2 åker
03:10 Eva börjar sitt pass
03:30 Astrid: {took} ser en bild
03:30 Astrid: allt väl, genom kameran: {took}
03:35 Carl: Bil 2 är framme
03:35 Carl: Bil 2 är i hemmet; ingen får titta
03:50 Carl: Bil 2 klar: allt väl, 15 min, 1 pers., 9,0 km
03:50 Carl: Bil 2 har lämnat hemmet
04:00 larmet är över: utrustning utan kontakt
04:30 Astrid: Bertil ser en bild
04:30 Astrid: allt väl, genom kameran: Bertil"""


async def test_the_long_autumn_night(tmp_path: Path, films: Path) -> None:
    async with a_village(tmp_path, films, ASTRID, BIRGER, CARL, begins="00:05", night=AUTUMN) as village:
        await village.until("00:30:30")
        await village.sees_all_well("Anna", "Astrid")

        await village.until("02:30:30")
        assert await village.looks("Anna", "Birger")
        await village.until("02:31:30")
        with pytest.raises(LeaseHeldByOtherError):
            await village.looks("Bertil", "Birger")
        await village.until("02:32:30")
        await village.sees_all_well("Bertil", "Birger")

        await village.until("02:30", again=True)
        assert await village.service.night_staff.worklist(UNIT) == []
        await village.until("02:50", again=True)
        await village.line_fails("söder")
        await village.until("02:56", again=True)
        (lost,) = await village.service.alarms.standing(UNIT)
        await village.service.alarms.acknowledge(lost.id, an_id("Anna"))
        await village.until("03:02")
        assert not await village.looks("Anna", "Carl")
        await village.until("03:10")
        await village.road("Eva", "acknowledge", "Carl")

        await village.until("03:30:30")
        took, late = await _both_claim(village, "Astrid")
        await village.sees_all_well(took, "Astrid")
        with pytest.raises(SlotSettledError):
            await village.says(late, "all_well", "Astrid")

        await village.until("03:35")
        await village.road("Eva", "arrive", "Carl")
        await village.until("03:50")
        made = {"minutes": 15, "people": 1, "kilometres": 9.0}
        await village.road("Eva", "complete", "Carl", **made, found=Found.ALL_WELL)
        await village.until("04:00")
        before = await _ends(village)
        assert await _kept_back(village) is not None
        await village.line_returns("söder")
        await village.until("04:15")
        assert await _kept_back(village) is None
        assert await _ends(village) == before
        await village.until("04:30:30")
        await village.sees_all_well("Bertil", "Astrid")
        await village.until("06:00")

        assert "\n".join(await village.story("00:10", "06:00")) == STORY.format(took=took)
        assert await _ends(village) == [
            ("00:30", "completed"),
            ("02:30", "completed"),
            ("03:00", "escalated"),
            ("03:30", "completed"),  # four hours after the first, as on any other night
            ("04:30", "completed"),
        ]
        assert await village.breaches() == []


async def _both_claim(village: Village, person: str) -> tuple[str, str]:
    """Anna and Bertil at the same instant: who got it, and who did not."""
    slot = (await village.slot_of(person)).id
    claims = [village.service.night_staff.claim(slot, an_id(who)) for who in ("Anna", "Bertil")]
    refused = [
        isinstance(came, LeaseHeldByOtherError) for came in await asyncio.gather(*claims, return_exceptions=True)
    ]
    assert sorted(refused) == [False, True]
    return ("Bertil", "Anna") if refused[0] else ("Anna", "Bertil")


async def _kept_back(village: Village) -> str | None:
    """What Carl's gateway has not been able to say."""
    return await village.gateways["söder"].checks()["spool"]()


async def _ends(village: Village) -> list[tuple[str, str]]:
    """When each slot of the night is due, and how it stands."""
    rows = await village.ledger.store.query(queries.slots_of_night, village.night)
    return [(village.wall(row.due_at), row.status) for row in sorted(rows, key=lambda row: row.due_at)]
