"""The worried daughter.

At 00:40 Greta's daughter phones: her mother does not answer. Greta has said yes to looks when a relative is worried, so
Anna opens the camera outside the agreed times. She sees somebody on the edge of the bed and cannot tell; Bertil looks
too, and all is well. Later he has second thoughts about Nils, whom Anna found well, and looks again. At 03:00 the son
of Nils phones, but Nils has said no to looks on a relative's word: the camera stays shut and somebody goes. In the
morning the manager reviews both looks at Greta, and the second at Nils; Anna may not review her own.
"""

from pathlib import Path

import pytest

from events.types.night import AlarmCaller, ReviewVerdict
from events.types.recipient import ConsentScope
from events.types.visit import Found
from services.tillsyn.desk.outside_times import AlarmNotCoveredError
from services.tillsyn.desk.who import NotInThisRoleError
from services.tillsyn.night.errors import NoReasonError, OwnDoubtError
from tests.builders import an_id
from tests.night.told.dwellings import Dwelling
from tests.night.told.village import UNIT, a_village

GRETA = Dwelling("Ekbacken", {"Greta": ("05:00",)})
NILS = Dwelling("Björkliden", {"Nils": ("02:00",)}, covers=frozenset(ConsentScope) - {ConsentScope.ALARM_BY_RELATIVE})

STORY = """\
00:40 Greta: larm från anhörig, taget av Anna
00:41 Greta: chefen underrättas: titt att granska
00:41 Greta: Anna ser en bild
00:41 Greta: Anna är osäker; en kollega svarar senast 00:46
00:43 Greta: chefen underrättas: titt att granska
00:43 Greta: Bertil ser en bild
00:43 Greta: allt väl, genom kameran: Bertil
02:00 Nils: Anna ser en bild
02:00 Nils: allt väl, genom kameran: Anna
02:20 Nils: Bertil öppnar tillsynen igen, till 02:35
02:20 Nils: chefen underrättas: titt att granska
02:20 Nils: Bertil ser en bild
02:20 Nils: allt väl, genom kameran: Bertil
03:00 Nils: larm från anhörig, taget av Anna
03:00 Nils: någon måste åka: larm
03:00 Nils: Bil 1 tillfrågas
03:02 Nils: Bil 1 åker
03:02 Cecilia börjar sitt pass
03:20 Nils: Bil 1 är framme
03:20 Nils: Bil 1 är i hemmet; ingen får titta
03:30 Nils: Bil 1 klar: allt väl, 10 min, 2 pers., 4,0 km
03:30 Nils: Bil 1 har lämnat hemmet
05:00 Greta: Bertil ser en bild
05:00 Greta: allt väl, genom kameran: Bertil
07:30 Greta: Chefen har granskat titten: i sin ordning
07:30 Greta: Chefen har granskat titten: i sin ordning
07:30 Nils: Chefen har granskat titten: i sin ordning"""


async def test_the_worried_daughter(tmp_path: Path, films: Path) -> None:
    async with a_village(tmp_path, films, GRETA, NILS, begins="00:10") as village:
        staff, reviews = village.service.night_staff, village.service.reviews
        anna, relative = an_id("Anna"), AlarmCaller.RELATIVE

        await village.until("00:40")
        await staff.alarm(an_id("Greta"), anna, relative, "dottern: mamma svarar inte i telefon")
        await village.until("00:41")
        assert await village.looks("Anna", "Greta")
        await village.says("Anna", "uncertain", "Greta")
        await village.until("00:43")
        with pytest.raises(OwnDoubtError, match="a colleague may look"):
            await village.looks("Anna", "Greta")
        await village.sees_all_well("Bertil", "Greta")

        await village.until("02:00:30")
        await village.sees_all_well("Anna", "Nils")
        await village.until("02:20")
        with pytest.raises(NoReasonError, match="say why"):
            await village.says("Bertil", "reopen", "Nils", " ")
        await village.says("Bertil", "reopen", "Nils", "han låg likadant förra gången, när han hade ramlat")
        await village.sees_all_well("Bertil", "Nils")

        await village.until("03:00")
        with pytest.raises(AlarmNotCoveredError, match=r"consented to alarm-by-relative; send somebody instead"):
            await staff.alarm(an_id("Nils"), anna, relative, "sonen når honom inte")
        await staff.alarm(an_id("Nils"), anna, relative, "sonen når honom inte", camera=False)
        await village.until("03:02")
        await village.road("Cecilia", "acknowledge", "Nils")
        await village.until("03:20")
        await village.road("Cecilia", "arrive", "Nils")
        await village.until("03:30")
        made = {"minutes": 10, "people": 2, "kilometres": 4.0}
        await village.road("Cecilia", "complete", "Nils", **made, found=Found.ALL_WELL)
        await village.until("05:00:30")
        await village.sees_all_well("Bertil", "Greta")

        await village.until("07:30")
        looks = await reviews.looks_to_review(UNIT)
        assert [look.staff for look in looks] == [anna, an_id("Bertil"), an_id("Bertil")]
        for look in looks:
            with pytest.raises(NotInThisRoleError):
                await reviews.review_look(look.slot, look.id, anna, ReviewVerdict.IN_ORDER)
            await reviews.review_look(look.slot, look.id, an_id("Chefen"), ReviewVerdict.IN_ORDER)
        assert await reviews.looks_to_review(UNIT) == []

        assert "\n".join(await village.story("00:30", "08:00")) == STORY
        assert await village.breaches() == []
