"""What the paper says, in Swedish and in English."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.offline_list.lists import Left, Task


class Language(StrEnum):
    """The languages that there are."""

    SWEDISH = "sv"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that is printed and is no person's."""

    title: str
    night: str
    made: str
    how: str
    time: str
    window: str
    name: str
    address: str
    key: str
    task: str
    outage: str
    risk: str
    note: str
    reason: str
    no_key: str
    erased: str
    no_patrol: str
    people: str
    rest: str
    nobody: str
    page: str
    keep: str
    tasks: Mapping[Task, str]
    lefts: Mapping[Left, str]
    outages: Mapping[str, str]
    risks: Mapping[str, str]


SWEDISH = Words(
    title="Reservlista",
    night="Natten",
    made="Skriven",
    how="När inget fungerar är alla tillsyner besök. Kryssa och skriv för hand.",
    time="Tid",
    window="mellan",
    name="Namn",
    address="Adress",
    key="Nyckelkod",
    task="Vad",
    outage="Vid avbrott",
    risk="Risk",
    note="Klar, tid, anteckning",
    reason="Varför",
    no_key="ingen kod",
    erased="raderad",
    no_patrol="Ingen bil för området",
    people="TVÅ BEHÖVS",
    rest="Ingen ska åka hit",
    nobody="Inga tillsyner.",
    page="Sida",
    keep="Sekretess. Lämnas tillbaka efter passet och förstörs.",
    tasks={Task.CAMERA: "Kamera – nu besök", Task.VISIT: "Planerat besök", Task.SENT: "Besök, redan begärt"},
    lefts={
        Left.ABSENT: "Bortavarande",
        Left.DECISION_ENDED: "Beslutet har upphört",
        Left.DEATH: "Avliden",
        Left.CANCELLED: "Inställd",
        Left.DONE: "Redan klar",
        Left.NOT_PLANNED: "Ingen tid planerad i natt",
    },
    outages={"visit": "Besök", "phone-first": "Ring först", "wait-until-morning": "Kan vänta till morgonen"},
    risks={"low": "Låg", "medium": "Medel", "high": "HÖG"},
)

ENGLISH = Words(
    title="Offline list",
    night="The night of",
    made="Written",
    how="When nothing works, every check is a visit. Tick and write by hand.",
    time="Time",
    window="between",
    name="Name",
    address="Address",
    key="Key code",
    task="What",
    outage="In an outage",
    risk="Risk",
    note="Done, time, note",
    reason="Why",
    no_key="no code",
    erased="erased",
    no_patrol="No patrol for the area",
    people="TWO NEEDED",
    rest="Nobody is to go here",
    nobody="No checks.",
    page="Page",
    keep="Confidential. Handed back after the shift, and destroyed.",
    tasks={Task.CAMERA: "Camera – now a visit", Task.VISIT: "Planned visit", Task.SENT: "Visit, asked for already"},
    lefts={
        Left.ABSENT: "Away",
        Left.DECISION_ENDED: "The decision has ended",
        Left.DEATH: "Deceased",
        Left.CANCELLED: "Cancelled",
        Left.DONE: "Done already",
        Left.NOT_PLANNED: "No time planned tonight",
    },
    outages={"visit": "Visit", "phone-first": "Phone first", "wait-until-morning": "Can wait until morning"},
    risks={"low": "Low", "medium": "Medium", "high": "HIGH"},
)

WORDS: Mapping[Language, Words] = {Language.SWEDISH: SWEDISH, Language.ENGLISH: ENGLISH}
