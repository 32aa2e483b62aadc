"""The camera that nobody tested, and the plan that does not work.

In the afternoon somebody unlinks Dagny's camera: the wrong line of a list. Elsewhere nobody noticed that for three
months. Here her checks are visits from that instant, Anna takes the alarm that the device is lost, and the assessor has
another, hours before the first check: a decision without a plan. It comes back while nothing is mended. At 19:00 the
installer brings another camera, which is used for nothing until Anna has read a code from its picture; the first one
that she reads is wrong. Then both alarms are over. The visit at 20:00 is made all the same: the patrol knows of it.
(Erik's decision ends in twelve days with none to follow: his assessor has been told.)
"""

from datetime import timedelta
from pathlib import Path

from events.looks.messages import NoPicture
from events.looks.picture import ViewerKey
from events.types.visit import Found
from services.tillsyn import home as homes
from services.tillsyn.desk.installing import Read
from tests.builders import an_id
from tests.night.told.dwellings import NIGHT, Dwelling
from tests.night.told.village import UNIT, Village, a_village

DAGNY = Dwelling("Lillgården", {"Dagny": ("20:00",)})
ERIK = Dwelling("Storgården", {"Erik": ("23:00",)}, decided_until=NIGHT + timedelta(days=12))

STORY = """\
16:20 Lillgården: kameran tas bort
16:20 Dagny: tillsynen 20:00 blir ett besök: ingen kamera
16:20 Dagny: Bil 1 tillfrågas
16:20 Lillgården: LARM: utrustning utan kontakt
16:20 Lillgården: handläggaren underrättas: kamera borttagen
16:20 Dagny: LARM: beslut utan plan
16:23 Lillgården: Anna tar larmet (utrustning utan kontakt)
17:20 Dagny: LARM: beslut utan plan, kvarstår, 60 min
18:20 Dagny: LARM: beslut utan plan, kvarstår, 120 min
19:10 Lillgården: Anna läser en kod som är fel
19:12 Lillgården: kameran är provad och godkänd
19:12 Lillgården: larmet är över: utrustning utan kontakt
19:12 Dagny: larmet är över: beslut utan plan
19:46 Dagny: Bil 1 åker
19:46 Cecilia börjar sitt pass
20:00 Dagny: Bil 1 är framme
20:00 Dagny: väntar till 21:00: någon är i hemmet
20:00 Dagny: Bil 1 är i hemmet; ingen får titta
20:12 Dagny: Bil 1 klar: allt väl, 12 min, 2 pers., 5,0 km
20:12 Dagny: tillsynen 20:00 är gjord, besök: Bil 1
20:12 Dagny: Bil 1 har lämnat hemmet"""


async def test_the_camera_that_nobody_tested(tmp_path: Path, films: Path) -> None:
    async with a_village(tmp_path, films, DAGNY, ERIK, begins="15:50") as village:
        installing, alarms, anna = village.service.installing, village.service.alarms, an_id("Anna")

        await village.until("16:20")
        (ends,) = await village.service.notices.unread(UNIT, "assessor")
        assert (ends.kind, ends.recipient) == ("decision-ends", an_id("Erik"))
        await village.care.home(DAGNY.id, UNIT, homes.UnlinkCamera("fel rad i listan"))
        await village.until("16:23")
        standing = {alarm.kind: alarm for alarm in await alarms.standing(UNIT)}
        assert {kind: alarm.role for kind, alarm in standing.items()} == {
            "device-lost": "night-staff",
            "no-plan": "assessor",
        }
        await alarms.acknowledge(standing["device-lost"].id, anna)

        await village.until("19:00")
        await village.care.home(DAGNY.id, UNIT, homes.LinkCamera(DAGNY.spare, an_id("gateway norr")))
        shown = await installing.begin(DAGNY.id, DAGNY.spare, an_id("Installatören"), recipient_present=True)
        await village.until("19:10")
        assert await _standing(village) == {"device-lost", "no-plan"}  # linked is not tested
        assert not isinstance(await installing.look(DAGNY.id, anna, ViewerKey().public()), NoPicture)
        wrong = f"{(int(shown.code) + 1) % 1_000_000:06}"
        assert await installing.confirm(DAGNY.id, anna, wrong, recipient_present=True) is Read.WRONG_CODE
        await village.until("19:12")
        assert await installing.confirm(DAGNY.id, anna, shown.code, recipient_present=True) is Read.COMMISSIONED
        await village.until("19:15")
        assert await _standing(village) == set()

        await village.until("19:46")
        await village.road("Cecilia", "acknowledge", "Dagny")
        await village.until("20:00")
        await village.road("Cecilia", "arrive", "Dagny")
        await village.until("20:12")
        made = {"minutes": 12, "people": 2, "kilometres": 5.0}
        await village.road("Cecilia", "complete", "Dagny", **made, found=Found.ALL_WELL)

        assert "\n".join(await village.story("15:51", "20:30")) == STORY
        assert await village.breaches() == []


async def _standing(village: Village) -> set[str]:
    return {alarm.kind for alarm in await village.service.alarms.standing(UNIT)}
