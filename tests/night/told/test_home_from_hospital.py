"""The man who came home from hospital at 23:00, and nobody was told.

Bengt was fetched by an ambulance in the evening; his checks are left out for as long as nobody says that he is back,
and the assessor is to ask in the morning. At half past one his daughter phones: he has been in his bed since eleven,
how is he? It is no gap that can be entered and forgotten. Somebody goes at once, for the check at midnight that he
should have had, and both night staff and assessor are told; and what is left of his night is looked at with the
camera, as before.
"""

from pathlib import Path

from events.store import queries
from events.types.notice import NoticeKind
from events.types.visit import Found
from tests.builders import an_id
from tests.night.told.agreements import is_away, was_back
from tests.night.told.dwellings import NIGHT, Dwelling, at
from tests.night.told.village import UNIT, a_village

STORY = """\
01:30 Bengt: hemma igen
01:30 Bengt: tillsynen 00:00 görs ändå
01:30 Bengt: någon måste åka: hemkommen utan besked
01:30 Bengt: tillsynen 03:00 görs ändå
01:30 Bengt: Bil 1 tillfrågas
01:30 Bengt: nattpersonalen underrättas: hemkommen utan besked
01:30 Bengt: handläggaren underrättas: hemkommen utan besked
01:30 Bengt: LARM: hemkommen utan besked
01:30 Bengt: Bil 1 åker
01:30 Cecilia börjar sitt pass
01:35 Bengt: LARM: hemkommen utan besked, kvarstår, 5 min
01:40 Bengt: LARM: hemkommen utan besked, kvarstår, 10 min
01:42 Bengt: Bil 1 är framme
01:42 Bengt: Bil 1 är i hemmet; ingen får titta
01:42 Bengt: larmet är över: hemkommen utan besked
02:05 Bengt: Bil 1 klar: behövde hjälp, 23 min, 2 pers., 6,0 km
02:05 Bengt: Bil 1 har lämnat hemmet
03:01 Bengt: Bertil ser en bild
03:01 Bengt: allt väl, genom kameran: Bertil"""


async def test_a_return_that_nobody_told_of_is_an_alarm_and_not_a_gap(tmp_path: Path, films: Path) -> None:
    home = Dwelling("Lövgård", {"Bengt": ("00:00", "03:00")})
    async with a_village(tmp_path, films, home, begins="23:30") as village:
        await is_away(village, "Bengt", at("19:30"), at("10:00"), "the ambulance took him to hospital")
        await village.until("01:30")
        await was_back(village, "Anna", "Bengt", at("23:00"))
        await village.road("Cecilia", "acknowledge", "Bengt")
        await village.until("01:42")
        await village.road("Cecilia", "arrive", "Bengt")
        await village.until("02:05")
        await village.road(
            "Cecilia", "complete", "Bengt", minutes=23, people=2, kilometres=6.0, found=Found.NEEDED_HELP
        )
        await village.until("03:01")
        await village.sees_all_well("Bertil", "Bengt")
        await village.until("03:10")

        assert "\n".join(await village.story("23:45", "03:30")) == STORY
        [visit] = await village.ledger.store.query(queries.visits_of_night, NIGHT)
        assert visit.requested_at == at("01:30")  # within the second, and nobody had to ask for it
        for role in ("night-staff", "assessor"):
            [told] = await village.service.notices.unread(UNIT, role)
            assert (told.kind, told.recipient) == (NoticeKind.RETURNED, an_id("Bengt"))
        assert await village.breaches() == []
