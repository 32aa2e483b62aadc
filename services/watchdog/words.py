"""What is said when it calls: in Swedish and English, what is wrong, since when, and what to do. No personal data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.watchdog.state import PLANNER, SWEEPER, Call, Kind

MONTHS_SV = ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Place:
    """Whose watchdog it is, what its clocks show, and whom to phone: an office or a duty line, never a person."""

    site: str
    zone: ZoneInfo
    contact: str


@dataclass(frozen=True, slots=True)
class Message:
    """One call, in every length: `subject` and `text` for mail, `short` for SMS, `facts` for programs."""

    subject: str
    text: str
    short: str
    urgent: bool
    facts: Mapping[str, Any]


def words_for(watched: str, call: Call, place: Place, answers: Mapping[str, str]) -> Message:
    """The message of a call about what is `watched`. `answers`: what each address said last, for technicians."""
    since_sv, since_en = _when(call.since, place.zone, MONTHS_SV), _when(call.since, place.zone, MONTHS_EN)
    lasted = _lasted(call.lasted)
    said = _BACK if call.kind is Kind.BACK else _SILENT
    sv, en = said[watched]
    given = {"site": f" ({place.site})" if place.site else "", "lasted": lasted}
    again = call.kind is Kind.STILL
    contact_sv = f" Ring {place.contact}." if place.contact else " Ring driften."
    contact_en = f" Phone {place.contact}." if place.contact else " Phone operations."
    sv = sv.written(**given, since=since_sv, still=" FORTFARANDE" if again else "", contact=contact_sv)
    en = en.written(**given, since=since_en, still=" STILL" if again else "", contact=contact_en)
    number = f" [{call.rings}]" if call.rings > 1 else ""
    technical = "".join(f"\n- {address}: {answer}" for address, answer in answers.items())
    return Message(
        subject=f"{sv.subject}{number} / {en.subject}",
        text=f"{sv.text}\n\n----\n\n{en.text}\n\n----\nTekniskt / technical:{technical}\n",
        short=f"{sv.short} / {en.short}",
        urgent=call.kind is not Kind.BACK,
        facts={
            "kind": call.kind.value,
            "watched": watched,
            "site": place.site,
            "since": call.since.isoformat(),
            "seconds": round(call.lasted.total_seconds()),
            "call": call.rings,
            "answers": dict(answers),
        },
    )


def words_of_a_test(place: Place) -> Message:
    """The message of a test call."""
    site = f" ({place.site})" if place.site else ""
    sv = f"PROV från Tillsyns vakthund{site}. Inget är fel; du behöver inte göra något."
    en = f"TEST from Tillsyn's watchdog{site}. Nothing is wrong; there is nothing to do."
    return Message(
        subject=f"PROV från Tillsyns vakthund{site} / TEST from Tillsyn's watchdog",
        text=f"{sv}\n\n{en}\n",
        short=f"{sv} / {en}",
        urgent=False,
        facts={"kind": Kind.TEST.value, "site": place.site},
    )


def as_json(message: Message) -> dict[str, Any]:
    """The message for programs. `text` is what chat services show."""
    return {**message.facts, "subject": message.subject, "text": message.text, "short": message.short}


@dataclass(frozen=True, slots=True)
class _Words:
    """One language's words, with places for what differs."""

    subject: str
    text: str
    short: str

    def written(self, **given: str) -> "_Words":
        return _Words(*(part.format(**given) for part in (self.subject, self.text, self.short)))


_SILENT = {
    SWEEPER: (
        _Words(
            "LARM: nattillsynen{site} är{still} tyst sedan {since}, {lasted}",
            "Nattillsynen{site} har{still} inte gett något livstecken sedan {since}, {lasted}.\n"
            "Missade tillsyner larmar inte längre av sig själva.\n\n"
            "Gör så här:\n"
            "1. Ta fram kvällens reservlista och gör fysisk tillsyn efter den, i tidsordning, tills det sägs att"
            " tjänsten är tillbaka.\n"
            "2.{contact}\n"
            "3. Skriv på listan vem som gjorde vad och när. Det förs in sedan.",
            "LARM nattillsyn{site}{still} tyst sedan {since}, {lasted}. Fysisk tillsyn efter reservlistan.{contact}",
        ),
        _Words(
            "ALARM: night supervision{site}{still} silent since {since}, {lasted}",
            "Night supervision{site} has{still} given no proof of life since {since}, {lasted}.\n"
            "Checks that are missed no longer raise an alarm by themselves.\n\n"
            "Do this:\n"
            "1. Take tonight's offline list and do physical checks from it, in order of time, until you are told that"
            " the service is back.\n"
            "2.{contact}\n"
            "3. Write on the list who did what and when. It is entered afterwards.",
            "ALARM{still} silent since {since}, {lasted}. Physical checks from the offline list.{contact}",
        ),
    ),
    PLANNER: (
        _Words(
            "LARM: planeringen av nätter{site} står{still} still sedan {since}, {lasted}",
            "Planeringen av kommande nätter{site} står{still} still sedan {since}, {lasted}.\n"
            "Planerade tillsyner bevakas, men ändringar och nya nätter kommer inte med.\n\n"
            "Gör så här:\n"
            "1.{contact}\n"
            "2. Är det inte löst före kvällens första tillsyn: gör fysisk tillsyn efter senaste reservlistan.",
            "LARM planeringen av nätter{site} står{still} still sedan {since}, {lasted}.{contact}",
        ),
        _Words(
            "ALARM: planning of nights{site}{still} at a standstill since {since}, {lasted}",
            "Planning of the nights ahead{site} is{still} at a standstill since {since}, {lasted}.\n"
            "Checks that are planned are watched, but changes and new nights are not taken up.\n\n"
            "Do this:\n"
            "1.{contact}\n"
            "2. If it is not solved before tonight's first check: do physical checks from the latest offline list.",
            "ALARM planning of nights{still} at a standstill since {since}, {lasted}.{contact}",
        ),
    ),
}
_BACK = {
    SWEEPER: (
        _Words(
            "ÅTER: nattillsynen{site} lever igen, var tyst i {lasted}",
            "Nattillsynen{site} ger livstecken igen. Den var tyst från {since}, i {lasted}.\n"
            "Det som missades larmar nu på skärmen. Jämför med reservlistan, och för in det som gjordes under tiden.",
            "ÅTER: nattillsynen{site} lever igen, var tyst från {since} i {lasted}. Följ skärmen.",
        ),
        _Words(
            "BACK: night supervision{site} is alive, was silent for {lasted}",
            "Night supervision{site} is alive again. It was silent from {since}, for {lasted}.\n"
            "What was missed is now on the screen. Compare it with the offline list, and enter what was done.",
            "BACK: alive again, was silent from {since} for {lasted}. Follow the screen.",
        ),
    ),
    PLANNER: (
        _Words(
            "ÅTER: planeringen av nätter{site} går igen, stod still i {lasted}",
            "Planeringen av nätter{site} går igen. Den stod still från {since}, i {lasted}."
            " Det som saknades planeras nu.",
            "ÅTER: planeringen av nätter{site} går igen, stod still från {since} i {lasted}.",
        ),
        _Words(
            "BACK: planning of nights{site} goes on, stood still for {lasted}",
            "Planning of nights{site} goes on. It stood still from {since}, for {lasted}."
            " What was missing is planned now.",
            "BACK: planning of nights goes on, stood still from {since} for {lasted}.",
        ),
    ),
}


def _when(time: datetime, zone: ZoneInfo, months: tuple[str, ...]) -> str:
    local = time.astimezone(zone)
    return f"{local:%H:%M} {local.day} {months[local.month - 1]}"


def _lasted(lasted: timedelta) -> str:
    seconds = max(0, round(lasted.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"
