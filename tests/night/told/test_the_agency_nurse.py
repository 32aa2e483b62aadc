"""The agency nurse alone at the desk.

Half an hour before the first check nobody is at the desk: the manager hears of it, twice. Åsa is from an agency, with
a role that ends at 04:00. She works alone, and has the alarm of a camera that is lost. At 04:00 she can claim nothing
more and is told why; what she owns she hands over to Pia by name. Pia leaves without a word, and the alarm belongs to
nobody, and is loud. With a check to come the manager hears again that nobody is there. Sara, who works for another
unit, takes the role in an emergency: loudly, with every act marked, and reviewed by the manager.
"""

from pathlib import Path

import pytest

from camera_gateway.scenes import SceneKind
from events.envelope import Actor, ActorKind
from events.personal import Personal
from events.types.night import ReviewVerdict
from events.types.unit import StaffRegistered, UnitRegistered
from events.types.visit import Found
from services.tillsyn.desk import Care
from services.tillsyn.desk.who import NotOfThisUnitError, RoleExpiredError
from tests.builders import an_id
from tests.night.told.dwellings import ZONE, Dwelling, at
from tests.night.told.village import ORGANISATION, UNIT, Village, a_village

SOUTH, NIGHT_STAFF = an_id("natt söder"), "night-staff"
ELSEWHERE = ("Sara", "Åsa", "Pia")
ASTRID = Dwelling("Gröndal", {"Astrid": ("00:00", "04:00", "06:30")})
BIRGER = Dwelling("Höjden", {"Birger": ("03:00",)})

STORY = """\
23:30 ingen är inloggad; nästa tillsyn 00:00
23:30 LARM: ingen inloggad
23:35 LARM: ingen inloggad, kvarstår, 5 min
23:37 Chefen tar larmet (ingen inloggad)
23:44 Åsa börjar sitt pass
23:44 larmet är över: ingen inloggad
00:00 Astrid: Åsa ser en bild
00:00 Astrid: allt väl, genom kameran: Åsa
03:00 Birger: ingen bild: kameran svarar inte (ger inga bilder)
03:02 Birger: ingen bild: kameran svarar inte (ger inga bilder)
03:02 Birger: LARM: utrustning utan kontakt
03:03 Birger: Åsa tar larmet (utrustning utan kontakt)
03:07 Birger: någon måste åka: kameran svarar inte
03:07 Birger: Bil 1 tillfrågas
03:10 Birger: Bil 1 åker
03:10 Cecilia börjar sitt pass
03:20 Birger: Bil 1 är framme
03:20 Birger: Bil 1 är i hemmet; ingen får titta
03:30 Birger: Bil 1 klar: fel på kameran, 10 min, 2 pers., 4,0 km
03:30 Birger: Bil 1 har lämnat hemmet
03:55 Pia börjar sitt pass
04:00 Åsa slutar sitt pass
04:00 Birger: Åsa lämnar larmet (utrustning utan kontakt) till Pia
04:02 Astrid: Pia ser en bild
04:02 Astrid: allt väl, genom kameran: Pia
05:52 Pia slutar sitt pass
05:52 Birger: LARM: utrustning utan kontakt, ingen har det längre
05:57 Birger: LARM: utrustning utan kontakt, kvarstår, 175 min
06:00 ingen är inloggad; nästa tillsyn 06:30
06:00 LARM: ingen inloggad
06:01 Sara tar en nödbehörighet: nattpersonalen
06:01 LARM: nödbehörighet
06:01 chefen underrättas: nödbehörighet att granska
06:01 Birger: Sara tar larmet (utrustning utan kontakt)
06:01 Sara börjar sitt pass
06:01 larmet är över: ingen inloggad
06:30 Astrid: Sara ser en bild
06:30 Astrid: allt väl, genom kameran: Sara
06:55 Chefen har granskat nödbehörigheten: i sin ordning
06:55 larmet är över: nödbehörighet"""


async def test_the_agency_nurse(tmp_path: Path, films: Path) -> None:
    async with a_village(tmp_path, films, ASTRID, BIRGER, begins="23:10", at_work=()) as village:
        staffing, alarms = village.service.staffing, village.service.alarms
        await _they_work_elsewhere(village)
        for nurse, until in (("Åsa", "04:00"), ("Pia", "06:00")):
            await staffing.grant_role(an_id(nurse), UNIT, NIGHT_STAFF, an_id("Chefen"), until=at(until), agency=True)

        await village.until("23:37")
        (nobody,) = await alarms.standing(UNIT, "manager")
        await alarms.acknowledge(nobody.id, an_id("Chefen"))
        await village.until("23:44")
        await staffing.sign_in(UNIT, NIGHT_STAFF, an_id("Åsa"))
        await village.until("00:00:30")
        await village.sees_all_well("Åsa", "Astrid")
        village.camera_shows("Höjden", SceneKind.DEAD)
        await village.until("03:03")
        (lost,) = await alarms.standing(UNIT)
        await alarms.acknowledge(lost.id, an_id("Åsa"))
        await village.until("03:10")
        await village.road("Cecilia", "acknowledge", "Birger")
        await village.until("03:20")
        await village.road("Cecilia", "arrive", "Birger")
        await village.until("03:30")
        made = {"minutes": 10, "people": 2, "kilometres": 4.0}
        await village.road("Cecilia", "complete", "Birger", **made, found=Found.CAMERA_FAULT)

        await village.until("03:55")
        await staffing.sign_in(UNIT, NIGHT_STAFF, an_id("Pia"))
        await village.until("04:00")
        with pytest.raises(RoleExpiredError, match="no longer: the role held until 2026-11-04 03:00Z; ask a manager"):
            await village.looks("Åsa", "Astrid")
        await staffing.sign_out(UNIT, an_id("Åsa"), an_id("Pia"))
        assert [alarm.owner for alarm in await alarms.standing(UNIT)] == [an_id("Pia")]
        await village.until("04:02")
        await village.sees_all_well("Pia", "Astrid")
        await village.until("05:52")
        await staffing.sign_out(UNIT, an_id("Pia"))
        assert [(alarm.owner, alarm.state) for alarm in await alarms.standing(UNIT)] == [(None, "open")]

        await village.until("06:01")
        with pytest.raises(NotOfThisUnitError):
            await alarms.acknowledge(lost.id, an_id("Sara"))
        access = await staffing.break_glass(UNIT, NIGHT_STAFF, "ingen är kvar i Norr", an_id("Sara"))
        await alarms.acknowledge(lost.id, an_id("Sara"))
        await village.until("06:30:30")
        await village.sees_all_well("Sara", "Astrid")
        await village.until("06:55")
        with pytest.raises(NotOfThisUnitError):
            await staffing.review_access(access, an_id("Sara"), ReviewVerdict.IN_ORDER)
        await staffing.review_access(access, an_id("Chefen"), ReviewVerdict.IN_ORDER)
        await village.until("07:00")

        assert "\n".join(await village.story("23:15", "07:05")) == STORY
        assert await _roles_of_what_was_done_by(village, "Sara") == {"break-glass:night-staff"}
        assert await staffing.accesses_to_review(UNIT) == []
        assert await village.breaches() == []


async def _they_work_elsewhere(village: Village) -> None:
    """Another unit of the organisation, and those who are employed there."""
    care = Care(village.ledger, Actor(ActorKind.SYSTEM, "installer", "installer"))
    south = UnitRegistered(unit=SOUTH, organisation=ORGANISATION, name="Söder", zone=str(ZONE), chain=(an_id("Sara"),))
    await care.register_unit(south)
    for name in ELSEWHERE:
        id_ = an_id(name)
        sealed_later = Personal.of(name, id_)
        await care.register_staff(StaffRegistered(staff=id_, unit=SOUTH, roles=(NIGHT_STAFF,), name=sealed_later))
    village.strangers += ELSEWHERE


async def _roles_of_what_was_done_by(village: Village, name: str) -> set[str]:
    page = await village.ledger.store.read_all(None, 5000)
    actors = [recorded.context.actor for recorded in page.events]
    return {actor.role for actor in actors if actor.id == str(an_id(name))}
