"""The withdrawn consent at 01:58: Astrid says no while somebody looks at her.

Anna has taken Astrid's check and has asked for a picture. In that moment Astrid, who is awake, presses her button and
says that she will not be watched any more; Bertil answers and enters it. The picture that is on its way is shown to
nobody, and the gateway opens the camera no more, not even for the permission it has honoured a moment ago. Her check is
not lost for that: it becomes a visit, and Bil 1 is with her soon. The assessor on call has been told, and
talks to her. The new yes she gives opens the camera for nights that are planned after it; the night that was planned
without it is done by visit.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from events.envelope import Owner
from events.looks.messages import LookFault, NoPicture
from events.looks.picture import SealedPicture
from events.schedule import SlotKind
from events.store import queries
from events.types.notice import NoticeKind
from events.types.visit import Found
from services.tillsyn.night.errors import NotForTheCameraError
from tests.builders import an_id
from tests.night.told.agreements import says_no, says_yes_again
from tests.night.told.dwellings import NIGHT, Dwelling
from tests.night.told.interrupted import Interrupted
from tests.night.told.village import ORGANISATION, UNIT, Village, a_village

STORY = """\
01:58 Astrid: samtycket tas tillbaka, infört av Bertil
01:58 Astrid: tillsynen 01:50 blir ett besök: inget samtycke
01:58 Astrid: Bil 1 tillfrågas
01:58 Astrid: handläggaren underrättas: inget samtycke
01:58 Astrid: Anna får ingen bild: kameran är stängd
01:58 Astrid: Bil 1 åker
01:58 Cecilia börjar sitt pass
02:09 Astrid: Bil 1 är framme
02:09 Astrid: väntar till 03:09: någon är i hemmet
02:09 Astrid: Bil 1 är i hemmet; ingen får titta
02:17 Astrid: Bil 1 klar: allt väl, 8 min, 2 pers., 4,5 km
02:17 Astrid: tillsynen 01:50 är gjord, besök: Bil 1
02:17 Astrid: Bil 1 har lämnat hemmet
03:00 Handläggaren har läst
03:00 Astrid: samtycke ges"""


async def test_a_no_at_01_58_shuts_the_camera_while_somebody_looks(tmp_path: Path, films: Path) -> None:
    home = Dwelling("Gröndal", {"Astrid": ("01:50",)})
    async with a_village(tmp_path, films, home, begins="01:20") as village:
        await village.until("01:58")
        looking = Interrupted(village, lambda: says_no(village, "Bertil", "Astrid"))
        seen = await looking.by("Anna", "Astrid")

        assert isinstance(looking.came[0], SealedPicture)  # the gateway had opened the camera in good faith
        assert isinstance(seen, NoPicture)
        assert seen.fault is LookFault.SUSPENDED
        await village.until("01:58:03")
        refused = await looking.once_more()
        assert isinstance(refused, NoPicture)
        assert refused.fault is LookFault.SUSPENDED
        with pytest.raises(NotForTheCameraError):
            await village.looks("Anna", "Astrid")

        await village.road("Cecilia", "acknowledge", "Astrid")
        await village.until("02:09")
        await village.road("Cecilia", "arrive", "Astrid")
        await village.until("02:17")
        await village.road("Cecilia", "complete", "Astrid", minutes=8, people=2, kilometres=4.5, found=Found.ALL_WELL)
        told = await village.service.notices.unread(UNIT, "assessor")
        assert [(notice.kind, notice.recipient) for notice in told] == [(NoticeKind.CONSENT_WITHDRAWN, an_id("Astrid"))]

        await village.until("03:00")
        await village.service.notices.read(told[0].id, an_id("Handläggaren"))
        await says_yes_again(village, "Astrid")
        assert await village.service.planner.plan(an_id("Astrid"), NIGHT + timedelta(days=2), Owner(ORGANISATION, UNIT))
        assert await _kinds(village) == [SlotKind.VISIT, SlotKind.VISIT, SlotKind.REMOTE]

        assert "\n".join(await village.story("01:55", "03:30")) == STORY
        assert await village.breaches() == []


async def _kinds(village: Village) -> list[str]:
    """What Astrid's check is tonight, in the night that was planned without her consent, and in the one after it."""
    nights = [await village.ledger.store.query(queries.slots_of_night, NIGHT + timedelta(days=n)) for n in range(3)]
    return [slot.kind for [slot] in nights]
