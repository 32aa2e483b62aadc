"""The patrol stuck mid-lift: two cars, and neither of them can go.

Bil 1 has lifted Gunnar from the floor and cannot leave him. His next check falls due while they are there: nobody may
look into his home then, and the visit does that check too, which saves nobody anything. Sonja sits on her floor, ten
kilometres away. Bil 2 takes it, but the road is closed, and hands it back; Bil 1 says no; the manager on call is asked,
sleeps, is asked again, louder, and goes. Alone she cannot lift: a second is asked for, the nearest free one first, and
that is Bil 2, which has found another way and answers after the alarm has gone.
"""

from pathlib import Path

import pytest

from analytics import BOTKYRKA_DERIVED, SlotOutcome, fold_facts, slot_effects
from events.store import queries
from events.types.night import CheckDueReported
from events.types.visit import DeclineReason, Found
from services.tillsyn.desk.looks import CameraShutError
from services.tillsyn.visit.errors import TooFewError
from tests.builders import an_id
from tests.night.told.dwellings import NIGHT, Dwelling
from tests.night.told.village import Village, a_village

STORY = """\
00:46 Gunnar: Anna ser en bild
00:46 Gunnar: någon måste åka: något är fel
00:46 Gunnar: Bil 1 tillfrågas
00:46 Gunnar: Bil 1 åker
00:46 Cecilia börjar sitt pass
00:58 Gunnar: Bil 1 är framme
00:58 Gunnar: Bil 1 är i hemmet; ingen får titta
01:16 Sonja: Anna ser en bild
01:16 Sonja: någon måste åka: något är fel
01:16 Sonja: Bil 2 tillfrågas
01:16 Sonja: Bil 2 åker
01:16 Eva börjar sitt pass
01:27 Sonja: Bil 2 kan inte: sitter fast
01:27 Sonja: Bil 1 tillfrågas
01:28 Sonja: Bil 1 kan inte: hos någon
01:28 Sonja: Chefen tillfrågas
01:33 Sonja: Chefen hann inte: svara
01:33 Sonja: Chefen tillfrågas högre, gång 1
01:33 Sonja: LARM: besök utan svar
01:38 Sonja: Chefen hann inte: svara
01:38 Sonja: Chefen tillfrågas högre, gång 2
01:38 Sonja: LARM: besök utan svar, kvarstår, 5 min
01:40 Sonja: Chefen åker
01:40 Chefen börjar sitt pass
01:40 Sonja: larmet är över: besök utan svar
01:52 Gunnar: Bil 1 klar: låg på golvet, 54 min, 2 pers., 5,5 km
01:52 Gunnar: tillsynen 01:20 är gjord, besök: Bil 1
01:52 Gunnar: Bil 1 har lämnat hemmet
01:58 Sonja: Chefen är framme
01:58 Sonja: Chefen är i hemmet; ingen får titta
01:58 Sonja: Chefen behöver en till
01:58 Sonja: Bil 2 tillfrågas om att följa med
02:03 Sonja: Bil 2 hann inte: svara
02:03 Sonja: Bil 1 tillfrågas om att följa med
02:03 Sonja: LARM: besök utan svar
02:04 Sonja: Bil 2 följer med
02:04 Sonja: larmet är över: besök utan svar
02:12 Sonja: Bil 2 är framme
02:12 Sonja: Bil 2 är i hemmet; ingen får titta
02:24 Sonja: Chefen klar: låg på golvet, 26 min, 2 pers., 14,0 km
02:24 Sonja: Chefen har lämnat hemmet
02:24 Sonja: Bil 2 har lämnat hemmet"""


async def test_where_neither_car_can_go_the_chain_goes_on_to_the_manager_and_louder(
    tmp_path: Path, films: Path
) -> None:
    ekbacken = Dwelling("Ekbacken", {"Gunnar": ("00:45", "01:20")})
    bjorkbo = Dwelling("Björkbo", {"Sonja": ("01:15",)}, area="söder")
    async with a_village(tmp_path, films, ekbacken, bjorkbo, begins="00:20") as village:
        await village.until("00:46")
        await _is_in_trouble(village, "Gunnar", "he lies beside his bed")
        await village.road("Cecilia", "acknowledge", "Gunnar")
        await village.until("00:58")
        await village.road("Cecilia", "arrive", "Gunnar")

        await village.until("01:16")
        await _is_in_trouble(village, "Sonja", "she sits on the floor")
        await village.road("Eva", "acknowledge", "Sonja")
        await village.until("01:21")
        with pytest.raises(CameraShutError, match="a carer is in the home"):
            await village.looks("Anna", "Gunnar")
        await village.until("01:27")
        await village.road("Eva", "decline", "Sonja", DeclineReason.STUCK)
        await village.until("01:28")
        await village.road("Cecilia", "decline", "Sonja", DeclineReason.WITH_SOMEBODY)
        await village.until("01:40")
        await village.road("Chefen", "acknowledge", "Sonja")

        await village.until("01:52")
        await village.road("Cecilia", "complete", "Gunnar", **_came_to(54, 5.5, Found.ON_THE_FLOOR))
        await village.until("01:58")
        await village.road("Chefen", "arrive", "Sonja")
        await village.road("Chefen", "need_two", "Sonja")
        await village.until("02:04")
        await village.road("Eva", "join", "Sonja")
        await village.until("02:12")
        await village.road("Eva", "arrive", "Sonja")
        await village.until("02:24")
        with pytest.raises(TooFewError):
            await village.road("Chefen", "complete", "Sonja", **_came_to(26, 14.0, Found.ON_THE_FLOOR, people=1))
        await village.road("Chefen", "complete", "Sonja", **_came_to(26, 14.0, Found.ON_THE_FLOOR))
        await village.until("02:30")

        await _the_check_in_between_saved_nothing(village)
        assert "\n".join(await village.story("00:30", "02:30")) == STORY
        assert await village.breaches() == []


async def _is_in_trouble(village: Village, person: str, note: str) -> None:
    assert await village.looks("Anna", person)
    await village.says("Anna", "concern", person, note)


def _came_to(minutes: int, kilometres: float, found: Found, people: int = 2) -> dict[str, object]:
    return {"minutes": minutes, "people": people, "kilometres": kilometres, "found": found}


async def _the_check_in_between_saved_nothing(village: Village) -> None:
    """Gunnar's of 01:20: no look, no picture, no visit of its own; done by the visit that he had for another reason."""
    log = (await village.ledger.store.read_all(None, 10_000)).events
    facts = fold_facts(log)
    slots = await village.ledger.store.query(queries.slots_of_night, NIGHT)
    [first, between] = [row for row in slots if row.recipient == an_id("Gunnar")]
    [fact] = [fact for fact in facts.slots if fact.slot == between.id]
    assert fact.outcome is SlotOutcome.COMPLETED_VISIT
    lines = {line.slot: line for line in slot_effects(facts.slots, facts.visits, BOTKYRKA_DERIVED)}
    assert not lines[between.id].counted
    assert lines[between.id].saved.person_minutes == 0
    assert lines[first.id].saved.person_minutes <= 0
    assert all(look.slot != between.id for look in await village.ledger.store.query(queries.all_looks))
    [due] = [one.event for one in log if isinstance(one.event, CheckDueReported) and one.event.slot == between.id]
    assert due.quality is None  # and no more did the gateway open the camera, to judge a picture
