"""Found dead.

Holger and Signe share a home, a bedroom and its camera. At 01:00 Anna does not see Holger, nor at the second look, so
Cecilia and David go there. He lies dead in the bathroom; Cecilia calls the nurse and says what she found. In the same
instant no camera of the home opens any more. What was still to be done for Holger is off, for that reason, and assessor
and patrols are told. Signe is still there: where a look was agreed somebody comes to her instead.
"""

from pathlib import Path

import pytest

from camera_gateway.scenes import SceneKind
from events.store import queries
from events.types.night import AlarmCaller
from events.types.visit import Found, Help
from services.tillsyn.desk.looks import CameraShutError
from services.tillsyn.night.errors import NotForTheCameraError
from tests.builders import an_id
from tests.night.told.dwellings import Dwelling
from tests.night.told.village import UNIT, Village, a_village

COUPLE = Dwelling("Solbacken", {"Holger": ("01:00", "04:00", "06:00"), "Signe": ("04:00",)}, by_visit=("06:00",))

STORY = """\
01:00 Holger: Anna ser en bild
01:00 Holger: Anna ser ingen; ny titt 01:15
01:15 Holger: Anna ser en bild
01:15 Holger: någon måste åka: inte sedd
01:15 Holger: Bil 1 tillfrågas
01:15 Holger: LARM: inte sedd två gånger
01:17 Holger: Bil 1 åker
01:17 Cecilia börjar sitt pass
01:17 Holger: larmet är över: inte sedd två gånger
01:33 Holger: Bil 1 är framme
01:33 Holger: Bil 1 är i hemmet; ingen får titta
01:41 Holger: Cecilia tillkallar sjuksköterska
01:41 Holger: Bil 1 klar: hittad död, 8 min, 2 pers., 6,5 km
01:41 Holger: tillsynen 04:00 ställs in: avliden
01:41 Holger: tillsynen 06:00 ställs in: avliden
01:41 Holger: besöket ställs in
01:41 Holger: Bil 1 har lämnat hemmet
01:41 Solbacken: alla kameror stängs: avliden
01:41 Holger: har avlidit, infört av Cecilia
01:41 Signe: tillsynen 04:00 blir ett besök: kamerorna är stängda
01:41 Signe: Bil 1 tillfrågas
01:41 Holger: handläggaren underrättas: avliden
01:41 Holger: patrullen underrättas: avliden
01:41 Solbacken: Cecilia är i hemmet; ingen får titta
02:50 Solbacken: Cecilia har lämnat hemmet
03:46 Signe: Bil 1 åker
04:02 Signe: Bil 1 är framme
04:02 Signe: väntar till 05:02: någon är i hemmet
04:02 Signe: Bil 1 är i hemmet; ingen får titta
04:25 Signe: Bil 1 klar: allt väl, 23 min, 2 pers., 6,5 km
04:25 Signe: tillsynen 04:00 är gjord, besök: Bil 1
04:25 Signe: Bil 1 har lämnat hemmet"""


async def test_found_dead(tmp_path: Path, films: Path) -> None:
    async with a_village(tmp_path, films, COUPLE, begins="23:45") as village:
        await village.until("01:00:30")
        village.camera_shows("Solbacken", SceneKind.EMPTY_BED)
        assert await village.looks("Anna", "Holger")
        await village.says("Anna", "not_seen", "Holger")
        await village.until("01:15:30")
        assert await village.looks("Anna", "Holger")
        await village.says("Anna", "not_seen", "Holger")

        await village.until("01:17")
        await village.road("Cecilia", "acknowledge", "Holger")
        await village.until("01:33")
        await village.road("Cecilia", "arrive", "Holger")
        await village.until("01:41")
        await village.road("Cecilia", "call_help", "Holger", Help.NURSE)
        made = {"minutes": 8, "people": 2, "kilometres": 6.5}
        await village.road("Cecilia", "complete", "Holger", **made, found=Found.FOUND_DEAD)
        await village.service.patrol.enter(COUPLE.id, an_id("Cecilia"))  # she waits with Signe for the nurse

        assert await _went(village, "Holger") == {"01:00": "escalated", "04:00": "cancelled", "06:00": "cancelled"}
        assert await _told(village) == {("death", "assessor"), ("death", "patrol")}
        with pytest.raises(CameraShutError, match="cameras-stopped"):
            await village.service.night_staff.alarm(an_id("Signe"), an_id("Anna"), AlarmCaller.STAFF, "hur mår hon?")

        await village.until("02:50")
        await village.service.patrol.leave(COUPLE.id, an_id("Cecilia"))
        await village.until("03:46")
        with pytest.raises(NotForTheCameraError, match="the camera stays shut"):
            await village.looks("Anna", "Signe")
        await village.road("Cecilia", "acknowledge", "Signe")
        await village.until("04:02")
        await village.road("Cecilia", "arrive", "Signe")
        await village.until("04:25")
        made = {"minutes": 23, "people": 2, "kilometres": 6.5}
        await village.road("Cecilia", "complete", "Signe", **made, found=Found.ALL_WELL)
        await village.until("07:30")

        assert "\n".join(await village.story("01:00", "07:30")) == STORY
        assert await _went(village, "Signe") == {"04:00": "completed"}
        assert await village.breaches() == []


async def _went(village: Village, person: str) -> dict[str, str]:
    rows = await village.ledger.store.query(queries.slots_of_night, village.night)
    mine = sorted((row for row in rows if row.recipient == an_id(person)), key=lambda row: row.due_at)
    return {village.wall(row.due_at): row.status for row in mine}


async def _told(village: Village) -> set[tuple[str, str]]:
    return {(notice.kind, notice.to_role) for notice in await village.service.notices.unread(UNIT)}
