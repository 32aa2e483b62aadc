"""The village without power: eight homes go dark at 01:10, and two cars are on the road.

Two gateways fall silent within the same minute. It is one incident, with its homes in the order in which to think of
them, and no car is sent anywhere by itself: Anna takes it and goes down the list. At Aspen it is agreed that somebody
comes; at Björken nobody answers, so she sends; Einar answers and is well; Clas needs help, and gets it now, though his
check is half an hour away; Frida's son is with her, and she can wait. About Granen nobody decides: the manager is
asked, and asked again, until she has. At three the power is back, and what waits in a home that can be reached is
asked about soon, whatever was said in the dark. Anna cannot close what is not decided: first Frida, then the incident.
Two cars have made three visits.
"""

from pathlib import Path

import pytest

from events.store import queries
from events.types.home import OutageAgreement, RiskClass
from events.types.visit import Found, PhoneOutcome
from services.tillsyn.incident.errors import HomesWaitError
from tests.builders import an_id
from tests.night.told.dwellings import NIGHT, Dwelling
from tests.night.told.outage import Outage, only_outage
from tests.night.told.village import Village, a_village

VISIT, PHONE, WAIT = OutageAgreement.VISIT, OutageAgreement.PHONE_FIRST, OutageAgreement.WAIT_UNTIL_MORNING
LOW, MEDIUM, HIGH = RiskClass.LOW, RiskClass.MEDIUM, RiskClass.HIGH
IN_THE_DARK = (
    Dwelling("Aspen", {"Astrid": ("01:30",)}, "byn väster", risk=HIGH, agreed=VISIT),
    Dwelling("Björken", {"Berta": ("01:30",)}, "byn öster", risk=HIGH, agreed=PHONE),
    Dwelling("Eken", {"Einar": ("01:30",)}, "byn väster", risk=MEDIUM, agreed=PHONE),
    Dwelling("Cedern", {"Clas": ("02:00",)}, "byn öster", risk=MEDIUM, agreed=PHONE),
    Dwelling("Hasseln", {"Hilda": ("03:30",)}, "byn väster", risk=LOW, agreed=VISIT),
    Dwelling("Granen", {"Gösta": ("02:00",)}, "byn öster", risk=LOW, agreed=PHONE),
    Dwelling("Furan", {"Frida": ("02:00",)}, "byn väster", risk=LOW, agreed=WAIT),
    Dwelling("Dungen", {"Doris": ("03:40",)}, "byn öster", risk=LOW, agreed=WAIT),
)
"""By risk, by what was agreed, and by whose check comes first."""
ELSEWHERE = Dwelling("Idegranen", {"Ivar": ("01:15",)}, "söder", area="söder")

STORY = """\
01:14 störning: kameragatewayen är tyst
01:14 Eken: hem utan kontakt, risk medel, avtalat ring först
01:14 Aspen: hem utan kontakt, risk hög, avtalat besök
01:14 Furan: hem utan kontakt, risk låg, avtalat vänta till morgonen
01:14 Hasseln: hem utan kontakt, risk låg, avtalat besök
01:14 LARM: utrustning utan kontakt
01:14 störningen är större: ström eller nät borta i området
01:14 Granen: hem utan kontakt, risk låg, avtalat ring först
01:14 Dungen: hem utan kontakt, risk låg, avtalat vänta till morgonen
01:14 Cedern: hem utan kontakt, risk medel, avtalat ring först
01:14 Björken: hem utan kontakt, risk hög, avtalat ring först
01:16 Ivar: Bertil ser en bild
01:16 Ivar: allt väl, genom kameran: Bertil
01:18 Anna tar hand om störningen
01:18 Anna tar larmet (utrustning utan kontakt)
01:18 Aspen: Anna skickar någon till hemmet
01:18 Astrid: någon måste åka: kameran svarar inte
01:18 Astrid: Bil 1 tillfrågas
01:18 Astrid: Bil 1 åker
01:18 Cecilia börjar sitt pass
01:20 Björken: Anna ringer hemmet: svarar inte
01:20 Björken: Anna skickar någon till hemmet
01:20 Berta: någon måste åka: kameran svarar inte
01:20 Berta: Bil 2 tillfrågas
01:20 Berta: Bil 2 åker
01:20 Eva börjar sitt pass
01:22 Eken: någon måste besluta om hemmet senast 01:32
01:22 Eken: Anna ringer hemmet: svarar, mår bra
01:22 Einar: någon måste åka: kameran svarar inte
01:22 Einar: besöket väntar på beslut om störningen
01:22 Einar: Anna avslutar besöket utan att det görs
01:24 Cedern: Anna ringer hemmet: behöver hjälp
01:24 Cedern: Anna skickar någon till hemmet
01:24 Clas: larm från personal, taget av Anna
01:24 Clas: någon måste åka: larm
01:24 Clas: Bil 1 tillfrågas
01:24 Clas: Bil 1 åker
01:26 Furan: Anna låter hemmet vänta till 03:15
01:31 Astrid: Bil 1 är framme
01:31 Astrid: Bil 1 är i hemmet; ingen får titta
01:37 Astrid: Bil 1 klar: allt väl, 6 min, 2 pers., 4,0 km
01:37 Astrid: Bil 1 har lämnat hemmet
01:43 Berta: Bil 2 är framme
01:43 Berta: Bil 2 är i hemmet; ingen får titta
01:49 Berta: Bil 2 klar: allt väl, 6 min, 2 pers., 4,0 km
01:49 Berta: Bil 2 har lämnat hemmet
01:52 Clas: Bil 1 är framme
01:52 Clas: Bil 1 är i hemmet; ingen får titta
02:06 Clas: Bil 1 klar: behövde hjälp, 14 min, 2 pers., 4,0 km
02:06 Clas: tillsynen 02:00 är gjord, besök: Bil 1
02:06 Clas: Bil 1 har lämnat hemmet
02:10 ingen har beslutat om Granen; Chefen tillfrågas, gång 1
02:20 ingen har beslutat om Granen; Chefen tillfrågas, gång 2
02:30 ingen har beslutat om Granen; Chefen tillfrågas, gång 3
02:32 Granen: Chefen ringer hemmet: svarar, mår bra
02:32 Gösta: någon måste åka: kameran svarar inte
02:32 Gösta: besöket väntar på beslut om störningen
02:32 Gösta: Chefen avslutar besöket utan att det görs
03:00 Frida: någon måste åka: ingen hann titta
03:00 Frida: besöket väntar på beslut om störningen
03:00 Eken: hemmet har kontakt igen
03:00 Aspen: hemmet har kontakt igen
03:00 Furan: hemmet har kontakt igen
03:00 Hasseln: hemmet har kontakt igen
03:01 Granen: hemmet har kontakt igen
03:01 Dungen: hemmet har kontakt igen
03:01 Cedern: hemmet har kontakt igen
03:01 Björken: hemmet har kontakt igen
03:10 ingen har beslutat om Furan; Chefen tillfrågas, gång 4
03:17 Furan: Anna ringer hemmet: svarar, mår bra
03:17 Frida: Anna avslutar besöket utan att det görs
03:17 Anna avslutar störningen
03:17 larmet är över: utrustning utan kontakt
03:31 Hilda: Anna ser en bild
03:31 Hilda: allt väl, genom kameran: Anna
03:31 Doris: Anna ser en bild
03:31 Doris: allt väl, genom kameran: Anna"""


async def test_two_cars_go_where_somebody_has_decided_and_nowhere_else(tmp_path: Path, films: Path) -> None:
    async with a_village(tmp_path, films, *IN_THE_DARK, ELSEWHERE, begins="00:50") as village:
        await village.until("01:10")
        for gateway in ("byn väster", "byn öster"):
            await village.power_fails(gateway)
        await village.until("01:16")
        await village.sees_all_well("Bertil", "Ivar")  # the night goes on where there is power
        await village.until("01:18")
        outage = await only_outage(village)
        assert await outage.homes() == [home.name for home in IN_THE_DARK]
        assert await village.ledger.store.query(queries.visits_of_night, NIGHT) == []

        await _anna_goes_down_the_list(village, outage)
        await _the_cars_make_their_visits(village)
        await village.until("02:32")
        await outage.phone("Chefen", "Granen", PhoneOutcome.ANSWERED_WELL)

        await village.until("03:00")
        await village.power_returns("byn väster")
        await village.until("03:01")
        await village.power_returns("byn öster")
        await village.until("03:04")
        assert await outage.waiting() == {"Furan"}
        with pytest.raises(HomesWaitError, match="1 homes wait for a decision and 1 visits are held"):
            await outage.close("Anna", "the power is back")
        await village.until("03:17")
        await outage.phone("Anna", "Furan", PhoneOutcome.ANSWERED_WELL)
        await outage.close("Anna", "the power is back")
        await village.until("03:31")
        await village.sees_all_well("Anna", "Hilda")
        await village.sees_all_well("Anna", "Doris")
        await village.until("03:45")

        assert "\n".join(await village.story("01:05", "03:50")) == STORY
        assert await _visited(village) == {"Astrid", "Berta", "Clas"}
        assert await village.breaches() == []


async def _anna_goes_down_the_list(village: Village, outage: Outage) -> None:
    await outage.take("Anna")
    await outage.send("Anna", "Aspen")
    await village.road("Cecilia", "acknowledge", "Astrid")
    await village.until("01:20")
    await outage.phone("Anna", "Björken", PhoneOutcome.NO_ANSWER)
    await outage.send("Anna", "Björken")
    await village.road("Eva", "acknowledge", "Berta")
    await village.until("01:22")
    await outage.phone("Anna", "Eken", PhoneOutcome.ANSWERED_WELL)
    await village.until("01:24")
    await outage.phone("Anna", "Cedern", PhoneOutcome.NEEDS_HELP)
    await village.road("Cecilia", "acknowledge", "Clas")  # after Astrid, who is on the way
    await village.until("01:26")
    await outage.defer("Anna", "Furan", "03:15", "her son sleeps there tonight")


async def _the_cars_make_their_visits(village: Village) -> None:
    for clock, who, person, found in (
        ("01:31", "Cecilia", "Astrid", Found.ALL_WELL),
        ("01:43", "Eva", "Berta", Found.ALL_WELL),
        ("01:52", "Cecilia", "Clas", Found.NEEDED_HELP),
    ):
        await village.until(clock)
        await village.road(who, "arrive", person)
        minutes = 14 if found is Found.NEEDED_HELP else 6
        await village.until(f"{clock[:3]}{int(clock[3:]) + minutes:02d}" if person != "Clas" else "02:06")
        await village.road(who, "complete", person, minutes=minutes, people=2, kilometres=4.0, found=found)


async def _visited(village: Village) -> set[str]:
    """Whom a car was asked to go to, and went to; nobody else was even asked about."""
    rows = await village.ledger.store.query(queries.visits_of_night, NIGHT)
    names = {an_id(person): person for dwelling in village.dwellings for person in dwelling.people}
    assert {row.responder is not None for row in rows if row.stage != "completed"} == {False}
    return {names[row.recipient] for row in rows if row.stage == "completed"}
