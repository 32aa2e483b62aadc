"""The couple with one camera: Karin and Olle lie in one bed, and one look is enough for both, but not one answer.

Both are due at half past one. Anna looks once. Karin sleeps well, and Anna says so; of Olle she sees too little to
tell, and says that too: a colleague is asked. While Anna is at their camera nobody else can open it, not even for the
other of the two. Bertil looks at Olle, with a look of his own, and he is well. At two minutes to two Karin wakes, and
wants no more of it: her consent is gone, and what is left of the night becomes visits, for her because she said no, and
for Olle because the camera would see her too. Bil 1 goes there at four, once for them both.
"""

from pathlib import Path

import pytest

from events.store import queries
from events.types.visit import Found
from services.tillsyn.night.errors import LeaseHeldByOtherError, OwnDoubtError
from tests.builders import an_id
from tests.night.told.agreements import says_no
from tests.night.told.dwellings import NIGHT, Dwelling
from tests.night.told.village import a_village

STORY = """\
01:32 Karin: Anna ser en bild
01:32 Olle: Anna ser en bild
01:32 Karin: allt väl, genom kameran: Anna
01:32 Olle: Anna är osäker; en kollega svarar senast 01:37
01:34 Olle: Bertil ser en bild
01:34 Olle: allt väl, genom kameran: Bertil
01:58 Karin: samtycket tas tillbaka, infört av Anna
01:58 Olle: tillsynen 04:00 blir ett besök: sammanboendes samtycke saknas
01:58 Olle: Bil 1 tillfrågas
01:58 Karin: tillsynen 04:00 blir ett besök: inget samtycke
01:58 Karin: Bil 1 tillfrågas
01:58 Karin: handläggaren underrättas: inget samtycke
03:47 Karin: Bil 1 åker
03:47 Cecilia börjar sitt pass
03:47 Olle: Bil 1 åker
03:59 Karin: Bil 1 är framme
03:59 Karin: väntar till 05:00: någon är i hemmet
03:59 Karin: Bil 1 är i hemmet; ingen får titta
04:06 Karin: Bil 1 klar: allt väl, 8 min, 2 pers., 3,0 km
04:06 Karin: tillsynen 04:00 är gjord, besök: Bil 1
04:06 Olle: tillsynen 04:00 är gjord, besök: Bil 1
04:06 Olle: besöket ställs in
04:06 Karin: Bil 1 har lämnat hemmet
04:06 Olle: patrullen underrättas: besök inställt medan någon var på väg
04:06 Olle: nattpersonalen underrättas: besök inställt medan någon var på väg"""


async def test_a_couple_is_looked_at_once_and_answered_for_twice(tmp_path: Path, films: Path) -> None:
    home = Dwelling("Solvik", {"Karin": ("01:30", "04:00"), "Olle": ("01:30", "04:00")})
    async with a_village(tmp_path, films, home, begins="01:00") as village:
        await village.until("01:32")
        assert await village.looks("Anna", "Karin", "Olle")
        for person in ("Karin", "Olle"):
            with pytest.raises(LeaseHeldByOtherError):
                await village.looks("Bertil", person)
        await village.says("Anna", "all_well", "Karin")
        with pytest.raises(LeaseHeldByOtherError):
            await village.looks("Bertil", "Olle")
        await village.says("Anna", "uncertain", "Olle")
        with pytest.raises(OwnDoubtError):
            await village.looks("Anna", "Olle")
        await village.until("01:34")
        await village.sees_all_well("Bertil", "Olle")

        await village.until("01:58")
        await says_no(village, "Anna", "Karin")
        await village.until("03:47")
        for person in ("Karin", "Olle"):
            await village.road("Cecilia", "acknowledge", person)
        await village.until("03:59")
        await village.road("Cecilia", "arrive", "Karin")
        await village.until("04:06")
        figures = {"minutes": 8, "people": 2, "kilometres": 3.0, "found": Found.ALL_WELL}
        await village.road("Cecilia", "complete", "Karin", **figures, also_seen=(an_id("Olle"),))
        await village.until("04:20")

        assert "\n".join(await village.story("01:20", "05:00")) == STORY
        visits = {row.recipient: row.stage for row in await village.ledger.store.query(queries.visits_of_night, NIGHT)}
        assert visits == {an_id("Karin"): "completed", an_id("Olle"): "closed"}  # driven to once
        looks = await village.ledger.store.query(queries.all_looks)
        assert [look.purpose for look in looks if look.purpose != "slot"] == ["commissioning"]
        assert len({look.id for look in looks}) == 3  # the camera's test, Anna's, for both of them, and Bertil's
        assert await village.breaches() == []
