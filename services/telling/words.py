"""The sentences: for each event that is worth a line, what is said of it in Swedish and in English.

A sentence may name any field of its event, `{who}`, who caused it, `{due}`, when the check that it is about is due, and
`{lasted}`, minutes since what it is about began. Ids become the names that the reader may see, instants the time on the
wall (of another night with its date), and codes (reasons, outcomes, causes) the words of `CODES`. Who it is about
stands before the sentence. What has no sentence is not told: it says nothing that the lines around it do not.
"""

from datetime import datetime
from enum import StrEnum

from events.base import Event
from events.types import alarm, home, incident, night, notice, patrol, recipient, shift, staff, visit


class Language(StrEnum):
    """What a night is told in."""

    SV = "sv"
    EN = "en"


SENTENCES: dict[type[Event], tuple[str, str]] = {
    night.PictureMissing: ("ingen bild: {reason} ({fault})", "no picture: {reason} ({fault})"),
    night.LookServed: ("{who} ser en bild", "{who} sees a picture"),
    night.LookFailed: ("{who} får ingen bild: {fault}", "{who} gets no picture: {fault}"),
    night.NotSeen: (
        "{who} ser ingen; ny titt {second_look_at}",
        "{who} sees nobody; a second look at {second_look_at}",
    ),
    night.SeenUncertain: (
        "{who} är osäker; en kollega svarar senast {answer_by}",
        "{who} cannot tell; a colleague answers by {answer_by}",
    ),
    night.SlotCompleted: ("allt väl, {how}: {by}", "all well, {how}: {by}"),
    night.AllWellUndone: ("{who} tar tillbaka sitt svar", "{who} takes the answer back"),
    night.SlotReopened: ("{who} öppnar tillsynen igen, till {deadline}", "{who} reopens the check, until {deadline}"),
    night.ManualAlarmRaised: ("larm från {caller}, taget av {who}", "alarm from {caller}, taken by {who}"),
    night.LookReviewed: ("{who} har granskat titten: {verdict}", "{who} has reviewed the look: {verdict}"),
    night.EscalationDelayed: ("väntar till {until}: {reason}", "waits until {until}: {reason}"),
    night.SlotBecameVisit: (
        "tillsynen {due} blir ett besök: {reason}",
        "the check at {due} becomes a visit: {reason}",
    ),
    night.SlotCancelled: ("tillsynen {due} ställs in: {reason}", "the check at {due} is cancelled: {reason}"),
    night.SlotReinstated: ("tillsynen {due} görs ändå", "the check at {due} is made after all"),
    night.SlotEscalated: ("någon måste åka: {reason}", "somebody must go: {reason}"),
    night.NightMoved: ("natten fortsätter i det nya hemmet", "the night goes on in the new home"),
    visit.VisitAssigned: ("{responder} tillfrågas", "{responder} is asked"),
    visit.VisitDeclined: ("{responder} kan inte: {reason}", "{responder} cannot: {reason}"),
    visit.VisitAcknowledged: ("{responder} åker", "{responder} is on the way"),
    visit.VisitArrived: ("{responder} är framme", "{responder} is there"),
    visit.VisitLimitPassed: ("{responder} hann inte: {limit}", "{responder} was not in time: {limit}"),
    visit.VisitHastened: ("besöket behövs nu: {reason}", "the visit is needed now: {reason}"),
    visit.VisitNeedsTwo: ("{by} behöver en till", "{by} needs one more"),
    visit.VisitJoined: ("{responder} följer med", "{responder} comes along"),
    visit.VisitPhoned: ("{by} ringer: {outcome}", "{by} phones: {outcome}"),
    visit.VisitFoundNobody: ("{responder} träffar ingen: {found}", "{responder} meets nobody: {found}"),
    visit.VisitHelpCalled: ("{by} tillkallar {whom}", "{by} calls {whom}"),
    visit.VisitDriven: ("{responder} körde {kilometres} km förgäves", "{responder} drove {kilometres} km in vain"),
    visit.VisitHeld: ("besöket väntar på beslut om störningen", "the visit waits for a decision about the incident"),
    visit.VisitReleased: ("{by} skickar någon", "{by} sends somebody"),
    visit.VisitCompleted: (
        "{responder} klar: {found}, {minutes} min, {people} pers., {kilometres} km",
        "{responder} done: {found}, {minutes} min, {people} people, {kilometres} km",
    ),
    visit.VisitMadeWith: (
        "{responder} träffade brukaren på ett annat besök; detta är gjort",
        "{responder} has met them on another visit; this one is done",
    ),
    visit.VisitClosed: ("{by} avslutar besöket utan att det görs", "{by} closes the visit without its being made"),
    visit.VisitCalledOff: ("besöket ställs in", "the visit is called off"),
    visit.VisitMoved: ("besöket görs i det nya hemmet", "the visit is made in the new home"),
    incident.IncidentOpened: ("störning: {cause}", "incident: {cause}"),
    incident.IncidentWidened: ("störningen är större: {cause}", "the incident is wider: {cause}"),
    incident.HomeJoined: (
        "hem utan kontakt, risk {risk_class}, avtalat {outage_agreement}",
        "home out of reach, risk {risk_class}, agreed {outage_agreement}",
    ),
    incident.HomeBack: ("hemmet har kontakt igen", "the home is back"),
    incident.HomeSettled: ("inget kvar att besluta om hemmet", "nothing is left to decide about the home"),
    incident.IncidentTaken: ("{by} tar hand om störningen", "{by} takes the incident"),
    incident.IncidentDisowned: ("störningen har ingen längre", "nobody has the incident any more"),
    incident.HomePhoned: ("{by} ringer hemmet: {outcome}", "{by} phones the home: {outcome}"),
    incident.HomeSent: ("{by} skickar någon till hemmet", "{by} sends somebody to the home"),
    incident.HomeDeferred: ("{by} låter hemmet vänta till {until}", "{by} lets the home wait until {until}"),
    incident.IncidentLimitPassed: (
        "ingen har beslutat om {homes}; {asked} tillfrågas, gång {loudness}",
        "nobody has decided about {homes}; {asked} is asked, time {loudness}",
    ),
    incident.IncidentClosed: ("{by} avslutar störningen", "{by} closes the incident"),
    alarm.AlarmRaised: ("LARM: {kind}", "ALARM: {kind}"),
    alarm.AlarmAcknowledged: ("{by} tar larmet ({kind})", "{by} takes the alarm ({kind})"),
    alarm.AlarmRepeated: ("LARM: {kind}, kvarstår, {lasted} min", "ALARM: {kind}, still, {lasted} min"),
    alarm.AlarmHandedOver: ("{by} lämnar larmet ({kind}) till {to}", "{by} hands the alarm ({kind}) over to {to}"),
    alarm.AlarmDisowned: ("LARM: {kind}, ingen har det längre", "ALARM: {kind}, nobody has it any more"),
    alarm.AlarmCleared: ("larmet är över: {kind}", "the alarm is over: {kind}"),
    shift.SignedIn: ("{staff} börjar sitt pass", "{staff} begins the shift"),
    shift.SignedOut: ("{staff} slutar sitt pass", "{staff} ends the shift"),
    shift.Unstaffed: (
        "ingen är inloggad; nästa tillsyn {first_slot_at}",
        "nobody is signed in; next check at {first_slot_at}",
    ),
    staff.BreakGlassOpened: ("{staff} tar en nödbehörighet: {role}", "{staff} takes emergency access: {role}"),
    staff.BreakGlassReviewed: (
        "{by} har granskat nödbehörigheten: {verdict}",
        "{by} has reviewed the access: {verdict}",
    ),
    patrol.PatrolStateSaid: ("bilen: {state}", "the car: {state}"),
    recipient.ConsentGiven: ("samtycke ges", "consent is given"),
    recipient.ConsentWithdrawn: (
        "samtycket tas tillbaka, infört av {who}",
        "consent is withdrawn, entered by {who}",
    ),
    recipient.CameraPaused: ("kameran pausas till {until}", "the camera is paused until {until}"),
    recipient.CameraResumed: ("pausen är slut", "the pause is over"),
    recipient.AbsenceReported: (
        "frånvaro från {starts_at} till {ends_at}, infört av {who}",
        "absence from {starts_at} to {ends_at}, entered by {who}",
    ),
    recipient.AbsenceReviewed: (
        "{by}: fortfarande borta, följs upp {review_at}",
        "{by}: still away, to be asked again {review_at}",
    ),
    recipient.AbsenceEnded: ("hemma igen", "home again"),
    recipient.RecipientDied: ("har avlidit, infört av {told_by}", "has died, entered by {told_by}"),
    recipient.DeathTakenBack: (
        "dödsfallet var fel och tas tillbaka av {by}",
        "the death was a mistake, and is taken back by {by}",
    ),
    recipient.RecipientMoved: ("har flyttat", "has moved"),
    recipient.DecisionEnded: ("beslutet upphör {from_instant}", "the decision ends {from_instant}"),
    recipient.DecisionHandedOver: ("{to} tar över när beslutet upphör", "{to} takes over when the decision ends"),
    home.CohabitantMovedIn: ("någon flyttar in", "somebody moves in"),
    home.CohabitantMovedOut: ("någon flyttar ut", "somebody moves out"),
    home.CohabitantConsentGiven: ("sammanboende ger samtycke", "a cohabitant consents"),
    home.CohabitantConsentWithdrawn: ("sammanboende tar tillbaka samtycket", "a cohabitant withdraws consent"),
    home.CameraUnlinked: ("kameran tas bort", "the camera is taken away"),
    home.CommissioningCodeRefused: ("{by} läser en kod som är fel", "{by} reads a wrong code"),
    home.CameraCommissioned: ("kameran är provad och godkänd", "the camera is tested and passed"),
    home.CommissioningFailed: ("provet av kameran gick inte: {why}", "the camera's test failed: {why}"),
    home.CamerasStopped: ("alla kameror stängs: {because}", "every camera is stopped: {because}"),
    home.CamerasAllowed: ("{by} tillåter kameran igen", "{by} allows the camera again"),
    home.CarerArrived: ("{by} är i hemmet; ingen får titta", "{by} is in the home; nobody may look"),
    home.CarerLeft: ("{by} har lämnat hemmet", "{by} has left the home"),
    notice.NoticeSent: ("{to_role} underrättas: {kind}", "{to_role} is told: {kind}"),
    notice.NoticeRead: ("{by} har läst", "{by} has read it"),
}

_DONE_BY_VISIT = ("tillsynen {due} är gjord, besök: {by}", "the check at {due} is done, by visit: {by}")
"""What was found there, the visit's own line tells: all may not be well."""
_WAS_THERE = ("{responder} var framme {at}", "{responder} was there at {at}")
_ASKED_TO_GO_ALONG = ("{responder} tillfrågas om att följa med", "{responder} is asked to come along")
_ASKED_LOUDER = ("{responder} tillfrågas högre, gång {loudness}", "{responder} is asked louder, time {loudness}")

_DONE_ALONE = (
    "{responder} klar: {found}, {minutes} min, {people} pers., {kilometres} km",
    "{responder} done: {found}, {minutes} min, {people} person, {kilometres} km",
)
_PAUSED_FOR_NOW = ("kameran pausas tills någon tar bort pausen", "the camera is paused until somebody ends it")
_AWAY_FOR_NOW = (
    "frånvaro från {starts_at} utan slut, följs upp {review_at}, infört av {who}",
    "absence from {starts_at} without an end, to be asked about {review_at}, entered by {who}",
)
_AWAY_UNREVIEWED = (
    "frånvaro från {starts_at} utan slut, infört av {who}",
    "absence from {starts_at} without an end, entered by {who}",
)

TO_DECIDE = ("någon måste besluta om hemmet senast {decide_by}", "somebody must decide about the home by {decide_by}")
"""Of a home that is in the incident already: a check of it has run out, or could not be made."""


def sentence_of(event: Event) -> tuple[str, str] | None:
    """The sentence for an event in both languages; None when it is not worth a line."""
    match event:
        case night.SlotCompleted(how=night.CompletedBy.VISIT):
            return _DONE_BY_VISIT
        case visit.VisitArrived(at=datetime()):
            return _WAS_THERE
        case visit.VisitAssigned(second=True):
            return _ASKED_TO_GO_ALONG
        case visit.VisitAssigned(loudness=loudness) if loudness > 0:
            return _ASKED_LOUDER
        case visit.VisitCompleted(people=1):
            return _DONE_ALONE
        case recipient.CameraPaused(until=None):
            return _PAUSED_FOR_NOW
        case recipient.AbsenceReported(ends_at=None, review_at=None):
            return _AWAY_UNREVIEWED
        case recipient.AbsenceReported(ends_at=None):
            return _AWAY_FOR_NOW
        case _:
            return SENTENCES.get(type(event))


CODES: dict[str, tuple[str, str]] = {
    "open": ("öppen", "open"),
    "completed": ("gjord", "completed"),
    "escalated": ("eskalerad", "escalated"),
    "cancelled": ("inställd", "cancelled"),
    "second-look": ("ny titt", "second look"),
    "not-asked": ("väntar", "waits"),
    "assigned": ("tillfrågad", "asked"),
    "acknowledged": ("på väg", "on the way"),
    "arrived": ("framme", "there"),
    "closed": ("avslutat", "closed"),
    "covered": ("täckt", "covered"),
    "no-frames": ("ger inga bilder", "gives no pictures"),
    "refused": ("tar inte emot någon", "lets nobody in"),
    "unauthorised": ("fel inloggning", "wrong login"),
    "stale": ("gamla bilder", "old pictures"),
    "unreachable": ("finns inte där", "is not there"),
    "unplugged": ("är utdragen eller strömlös", "is unplugged or without power"),
    "shut-off": ("avstängd i hemmet", "shut off in the home"),
    "clock-off": ("kamerans klocka går fel", "the camera's clock is wrong"),
    "not-seen": ("inte sedd", "not seen"),
    "concern": ("något är fel", "something is wrong"),
    "no-usable-picture": ("oanvändbar bild", "no usable picture"),
    "camera-unreachable": ("kameran svarar inte", "the camera does not answer"),
    "nobody-looked": ("ingen hann titta", "nobody looked"),
    "visit-not-made": ("besöket blev inte gjort", "the visit was not made"),
    "uncertain": ("det gick inte att avgöra", "it could not be told"),
    "alarm": ("larm", "alarm"),
    "returned-unannounced": ("hemkommen utan besked", "back unannounced"),
    "consent-withdrawn": ("inget samtycke", "no consent"),
    "camera-paused": ("kameran är pausad", "the camera is paused"),
    "no-camera": ("ingen kamera", "no camera"),
    "not-commissioned": ("kameran är inte provad", "the camera is not tested"),
    "cohabitant-not-asked": ("sammanboendes samtycke saknas", "a cohabitant has not consented"),
    "cameras-stopped": ("kamerorna är stängda", "the cameras are stopped"),
    "visited-earlier": ("besöket före gjordes i förtid", "the visit before was made ahead of its time"),
    "absent": ("borta", "away"),
    "decision-ended": ("beslutet har upphört", "the decision has ended"),
    "by-name": ("någon har sagt varför", "somebody has said why"),
    "death": ("avliden", "dead"),
    "live-lease": ("någon är där med kameran", "somebody is at the camera"),
    "visit-arrived": ("någon är i hemmet", "somebody is in the home"),
    "remote-check": ("genom kameran", "by camera"),
    "visit": ("besök", "visit"),
    "planned-visit": ("planerat besök", "planned visit"),
    "relative": ("anhörig", "a relative"),
    "staff": ("personal", "staff"),
    "device": ("trygghetslarm", "a device"),
    "in-order": ("i sin ordning", "in order"),
    "not-in-order": ("inte i sin ordning", "not in order"),
    "acknowledge": ("svara", "answer"),
    "arrive": ("komma fram", "arrive"),
    "complete": ("bli klar", "finish"),
    "all-well": ("allt väl", "all well"),
    "needed-help": ("behövde hjälp", "needed help"),
    "on-the-floor": ("låg på golvet", "lay on the floor"),
    "not-at-home": ("inte hemma", "not at home"),
    "no-entry": ("kom inte in", "no entry"),
    "nurse-called": ("sjuksköterska tillkallad", "nurse called"),
    "112-called": ("112 larmat", "112 called"),
    "found-dead": ("hittad död", "found dead"),
    "camera-fault": ("fel på kameran", "camera fault"),
    "nurse": ("sjuksköterska", "a nurse"),
    "112": ("112", "112"),
    "police": ("polis", "the police"),
    "locksmith": ("låssmed", "a locksmith"),
    "with-somebody": ("hos någon", "with somebody"),
    "stuck": ("sitter fast", "stuck"),
    "too-far": ("för långt bort", "too far away"),
    "unwell": ("sjuk", "unwell"),
    "other": ("annat", "other"),
    "answered-well": ("svarar, mår bra", "answers and is well"),
    "needs-help": ("behöver hjälp", "needs help"),
    "no-answer": ("svarar inte", "no answer"),
    "gateway": ("kameragatewayen är tyst", "the gateway is silent"),
    "cameras": ("flera kameror svarar inte", "several cameras do not answer"),
    "area": ("ström eller nät borta i området", "power or network lost in the area"),
    "network": ("nätet borta", "the network is lost"),
    "broker": ("vi har själva ingen kontakt", "we ourselves have no connection"),
    "low": ("låg", "low"),
    "medium": ("medel", "medium"),
    "high": ("hög", "high"),
    "phone-first": ("ring först", "phone first"),
    "wait-until-morning": ("vänta till morgonen", "wait until morning"),
    "overdue": ("tillsyn försenad", "check overdue"),
    "not-seen-twice": ("inte sedd två gånger", "not seen twice"),
    "device-lost": ("utrustning utan kontakt", "device lost"),
    "visit-not-acknowledged": ("besök utan svar", "visit not acknowledged"),
    "no-plan": ("beslut utan plan", "decision without a plan"),
    "nobody-signed-in": ("ingen inloggad", "nobody signed in"),
    "break-glass": ("nödbehörighet", "emergency access"),
    "bad-grant": ("tillståndet gäller inte", "the permission does not hold"),
    "not-now": ("inte vid den tiden", "not at that time"),
    "used-up": ("titten är slut", "the look is used up"),
    "suspended": ("kameran är stängd", "the camera is shut"),
    "outdated-schedule": ("kameragatewayen har gamla tider", "the gateway has old times"),
    "unknown-camera": ("okänd kamera", "unknown camera"),
    "camera": ("kameran svarar inte", "the camera does not answer"),
    "gateway-silent": ("kameragatewayen är tyst", "the gateway is silent"),
    "shift-over": ("passet är slut", "the shift is over"),
    "wrong-code": ("fel kod", "wrong code"),
    "timed-out": ("tiden gick ut", "timed out"),
    "broken-off": ("avbrutet", "broken off"),
    "by-hand": ("för hand", "by hand"),
    "free": ("ledig", "free"),
    "driving": ("kör", "driving"),
    "off-the-road": ("ur trafik", "off the road"),
    "moved": ("flytt", "moved"),
    "decision-ends": ("beslut upphör snart", "a decision ends soon"),
    "look-to-review": ("titt att granska", "a look to review"),
    "break-glass-to-review": ("nödbehörighet att granska", "emergency access to review"),
    "camera-revoked": ("kamera borttagen", "camera taken away"),
    "absence-to-review": ("frånvaro att följa upp", "an absence to review"),
    "death-taken-back": ("lever – dödsfallet var ett misstag", "alive – the death was a mistake"),
    "visit-called-off": ("besök inställt medan någon var på väg", "visit called off while somebody was on the way"),
    "night-staff": ("nattpersonalen", "night staff"),
    "patrol": ("patrullen", "the patrol"),
    "assessor": ("handläggaren", "the assessor"),
    "manager": ("chefen", "the manager"),
    "installer": ("installatören", "the installer"),
}
"""What a code is called, in Swedish and in English. A code that is not here is shown as it is."""


_SEVERAL = {"open": "öppna", "completed": "gjorda", "escalated": "eskalerade", "cancelled": "inställda"}
"""Of more than one, where Swedish has another form."""


def counted(number: int, code: str, language: Language) -> str:
    """`18 gjorda`, `1 gjord`, `18 completed`."""
    several = _SEVERAL.get(code) if number != 1 and language is Language.SV else None
    return f"{number} {several or said(code, language)}"


def said(code: str, language: Language) -> str:
    """A code in words; as it is where there are none."""
    return CODES.get(code, (code, code))[0 if language is Language.SV else 1]
