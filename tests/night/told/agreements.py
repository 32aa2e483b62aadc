"""What people say about themselves, and each other, in the middle of the night: entered by whoever hears it."""

from datetime import datetime
from uuid import UUID

from events.envelope import Actor, ActorKind
from events.types.recipient import ConsentForm, ConsentScope
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import Care
from tests.builders import an_id
from tests.night.told.village import ASSESSOR, UNIT, Village


async def hears(
    village: Village, who: str, person: str, command: recipients.Command, role: str = "night-staff"
) -> None:
    """Somebody at the desk hears something of a recipient, and enters it at once."""
    care = Care(village.ledger, Actor(ActorKind.STAFF, str(an_id(who)), role))
    await care.recipient(an_id(person), UNIT, command)


async def says_no(village: Village, who: str, person: str) -> None:
    """The recipient wants the camera shut."""
    await hears(village, who, person, recipients.WithdrawConsent())


async def says_yes_again(village: Village, person: str) -> None:
    """The assessor has talked to the recipient, and has taken a new consent."""
    again = recipients.GiveConsent(
        an_id(f"new consent of {person}"), frozenset(ConsentScope), ConsentForm.ORAL, UUID(ASSESSOR.id)
    )
    await village.care.recipient(an_id(person), UNIT, again)


async def is_away(village: Village, person: str, since: datetime, review_at: datetime, reason: str) -> None:
    """Somebody is away, for as long as nobody says that they are back; the assessor has entered it."""
    away = recipients.ReportAbsence(an_id(f"absence of {person}"), since, None, reason, review_at)
    await village.care.recipient(an_id(person), UNIT, away)


async def was_back(village: Village, who: str, person: str, since: datetime) -> None:
    """Somebody tells that the recipient has been at home for a while, and nobody knew."""
    back = recipients.EndAbsence(an_id(f"absence of {person}"), since, announced=False)
    await hears(village, who, person, back)
