"""Somebody whose keys are destroyed while supervision goes on: nothing that must be kept is lost, and no words are."""

import pytest

from events.personal import Purpose
from events.registry import personal_field_names
from events.types.recipient import ConsentWithdrawn
from events.types.visit import Found, VisitCompleted
from services.tillsyn import recipient as recipients
from services.tillsyn.ledger import NEVER_REFUSED, WordsOfErasedError
from tests.builders import ANNA, PATROL, RECIPIENT, SLOT, own_visit, secret
from tests.services.tillsyn.house import House, of_type

VISIT = own_visit(SLOT)


async def erase(house: House) -> None:
    for purpose in Purpose:
        await house.store.destroy_keys(RECIPIENT, purpose)


async def test_a_no_of_somebody_erased_is_kept_without_its_words(planned: House) -> None:
    await erase(planned)
    await planned.tell(recipients.WithdrawConsent(secret("vill inte")))
    (withdrawn,) = of_type(await planned.log(), ConsentWithdrawn)
    assert withdrawn.reason is None
    assert (await planned.slot(SLOT)).kind == "visit"


async def test_a_visit_to_somebody_erased_is_completed_without_its_words(planned: House) -> None:
    await planned.time("02:00")
    await planned.night_staff.concern(SLOT, ANNA)
    await erase(planned)
    await planned.patrol.complete(
        VISIT, PATROL, minutes=9, people=2, kilometres=1, found=Found.ALL_WELL, note="hon sover"
    )
    (completed,) = of_type(await planned.log(), VisitCompleted)
    assert completed.note is None
    assert await planned.breaches() == []


async def test_other_words_about_somebody_erased_are_refused_and_the_same_without_words_is_not(planned: House) -> None:
    await planned.time("02:00")
    await erase(planned)
    before = await planned.log()
    with pytest.raises(WordsOfErasedError, match=f"{RECIPIENT} is erased .*; leave the words about them out"):
        await planned.night_staff.concern(SLOT, ANNA, "ligger på golvet")
    assert await planned.log() == before
    await planned.night_staff.concern(SLOT, ANNA)
    assert (await planned.slot(SLOT)).status == "escalated"


def test_what_is_never_refused_for_its_words_can_do_without_them() -> None:
    for type_ in NEVER_REFUSED:
        for name in personal_field_names(type_):
            assert type(None) in (type_.model_fields[name].annotation.__args__)  # type: ignore[union-attr]
