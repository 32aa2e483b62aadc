"""What was agreed changes: consent, pauses, absences, death, moves, cameras, cohabitants."""

from uuid import UUID

from events.personal import Personal
from events.types.recipient import ConsentScope
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from tests.builders import COHABITANT, MANAGER, UNIT, an_id, hours, minutes, seconds
from tests.night.random.hours import Hours
from tests.night.random.plan import Act
from tests.night.random.town import CAMERAS, GATEWAYS, HOMES, NURSES, PEOPLE, cohabitant_consents, commission, consent
from tests.night.random.verbs.verb import Verb, nth

SCOPES = (
    frozenset(ConsentScope),
    frozenset(ConsentScope) - {ConsentScope.SECOND_LOOKS},
    frozenset(ConsentScope) - {ConsentScope.EXTRA_AUTUMN_LOOK, ConsentScope.ALARM_BY_STAFF},
    frozenset[ConsentScope](),
)


async def _person(night: Hours, act: Act, command: recipients.Command) -> bool:
    person = nth(PEOPLE, act.which)
    return await night.ask(lambda: night.care.recipient(person, UNIT, command))


async def _home(night: Hours, act: Act, command: homes.Entered) -> bool:
    home = nth(HOMES, act.which)
    return await night.ask(lambda: night.care.home(home, UNIT, command))


async def withdraw(night: Hours, act: Act) -> None:
    await _person(night, act, recipients.WithdrawConsent())


async def agree(night: Hours, act: Act) -> None:
    await _person(night, act, consent(nth(PEOPLE, act.which), nth(SCOPES, act.how)))


async def pause(night: Hours, act: Act) -> None:
    now = night.clock.now()
    await _person(night, act, recipients.PauseCamera(nth((None, now + minutes(20), now + hours(2)), act.how), now))


async def resume(night: Hours, act: Act) -> None:
    await _person(night, act, recipients.ResumeCamera())


async def away(night: Hours, act: Act) -> None:
    """From some time on, with an end, in the past or not, or none; said again it is the same absence."""
    now, person = night.clock.now(), nth(PEOPLE, act.which)
    absence = an_id(f"absence {act.who} of {person}")
    night.absences[person] = absence
    starts = now + nth((-hours(3), -minutes(10), seconds(0), minutes(45)), act.how)
    ends = nth((None, starts + hours(1), starts + hours(4)), act.how + act.who)
    review = now + hours(2) if ends is None else None
    await _person(night, act, recipients.ReportAbsence(absence, starts, ends, "hospital", review))


async def back(night: Hours, act: Act) -> None:
    person = nth(PEOPLE, act.which)
    absence = night.absences.get(person, an_id("no absence"))
    since = night.clock.now() - nth((seconds(0), hours(1)), act.who)
    await _person(night, act, recipients.EndAbsence(absence, since, announced=act.how % 2 == 0))


async def reviewed(night: Hours, act: Act) -> None:
    absence = night.absences.get(nth(PEOPLE, act.which), an_id("no absence"))
    now = night.clock.now()
    await _person(night, act, recipients.ReviewAbsence(absence, MANAGER, now + hours(1 + act.how), now))


async def dies(night: Hours, act: Act) -> None:
    await _person(night, act, recipients.RecordDeath(night.clock.now() - minutes(5 * act.how), MANAGER))


async def lives(night: Hours, act: Act) -> None:
    await _person(night, act, recipients.TakeDeathBack(MANAGER, "the wrong person"))


async def moves(night: Hours, act: Act) -> None:
    await _person(night, act, recipients.Move(nth(HOMES, act.how), night.clock.now()))


async def decision_ends(night: Hours, act: Act) -> None:
    decision = an_id(f"decision of {nth(PEOPLE, act.which)}")
    if act.who:
        await _person(night, act, recipients.HandOverDecision(decision, MANAGER, MANAGER, "moves to a daughter"))
    at = night.clock.now() + minutes(30 * act.how)
    await _person(night, act, recipients.EndDecision(at, "no longer needed", decision))


async def decision_again(night: Hours, act: Act) -> None:
    id_ = an_id(f"decision {act.how} of {nth(PEOPLE, act.which)}")
    now = night.clock.now()
    await _person(night, act, recipients.GrantDecision(id_, night.plan.night, None, 3, now))


async def unlink(night: Hours, act: Act) -> None:
    await _home(night, act, homes.UnlinkCamera("moved to another wall"))


async def link(night: Hours, act: Act) -> None:
    sees = nth(((), (), (PEOPLE[0],), (PEOPLE[1],)), act.how)
    await _home(night, act, homes.LinkCamera(nth(CAMERAS, act.which), nth(GATEWAYS, act.who), sees))


async def test(night: Hours, act: Act) -> None:
    home, camera, nurse = nth(HOMES, act.which), nth(CAMERAS, act.which), nth(NURSES, act.who)
    await night.ask(lambda: commission(night.installing, home, camera, nurse), whole=False)


async def cohabitant_comes(night: Hours, act: Act) -> None:
    name = Personal.of("Gustav", _cohabitant(act))
    await _home(night, act, homes.CohabitantMovesIn(_cohabitant(act), name))


async def cohabitant_goes(night: Hours, act: Act) -> None:
    await _home(night, act, homes.CohabitantMovesOut(_cohabitant(act)))


async def cohabitant_agrees(night: Hours, act: Act) -> None:
    await _home(night, act, cohabitant_consents(_cohabitant(act)))


async def cohabitant_withdraws(night: Hours, act: Act) -> None:
    await _home(night, act, homes.CohabitantWithdraws(_cohabitant(act)))


async def stop(night: Hours, act: Act) -> None:
    await _home(night, act, homes.StopCameras())


async def allow(night: Hours, act: Act) -> None:
    await _home(night, act, homes.AllowCameras(MANAGER))


async def close(night: Hours, act: Act) -> None:
    await _home(night, act, homes.Close("nobody lives here"))


def _cohabitant(act: Act) -> UUID:
    return COHABITANT if act.which % 4 == 1 else an_id(f"cohabitant {act.which}")


VERBS: dict[str, Verb] = {
    "withdraw": withdraw,
    "agree": agree,
    "pause": pause,
    "resume": resume,
    "away": away,
    "back": back,
    "review absence": reviewed,
    "dies": dies,
    "lives": lives,
    "moves": moves,
    "decision ends": decision_ends,
    "decision again": decision_again,
    "unlink": unlink,
    "link": link,
    "test camera": test,
    "cohabitant comes": cohabitant_comes,
    "cohabitant goes": cohabitant_goes,
    "cohabitant agrees": cohabitant_agrees,
    "cohabitant withdraws": cohabitant_withdraws,
    "stop cameras": stop,
    "allow cameras": allow,
    "close home": close,
}
