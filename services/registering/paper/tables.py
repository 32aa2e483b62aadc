"""Which lists there are, and their columns. A field more in a description is a line more here.

`docs/paper-nights.md` has the same tables for people; a test holds the two together.
"""

from events.types.recipient import ConsentScope
from events.types.reference import Referred
from services.registering.paper.columns import Column, Table
from services.registering.paper.values import choice, day, decimal, key, minutes, several, wall_time, whole, yes
from services.registering.paper.words import FILTERS, FORMS, OUTAGES, RISKS, ROLES, YES_NO, swedish


def _key(*headings: str, example: str, about: str = "Your own number for it.", required: bool = True) -> Column:
    return Column("key", headings, about, example, key, required=required, own=True)


def _link(kind: Referred, field: str, *headings: str, about: str, example: str, required: bool = True) -> Column:
    return Column(field, headings, about, example, key, required=required, link=kind, own=True)


def _recipient() -> Column:
    about = "Whose it is: the number in the list of recipients."
    return _link(Referred.RECIPIENT, "recipient", "Brukarnr", "Recipient", "Brukare", about=about, example="1001")


UNIT = Table(
    "unit",
    ("Enhet", "Unit", "Enheter", "Units"),
    "The unit; one row. Left out when it is registered already.",
    (
        Column("name", ("Enhet", "Unit", "Namn", "Name"), "What it is called.", "Hemtjänst natt, Tumba", required=True),
        Column(
            "organisation",
            ("Organisation", "Organisation id", "Kommun"),
            "The organisation's id (a UUID). Left out: that of the units already registered, else a new one.",
        ),
        Column("zone", ("Tidszon", "Zone", "Time zone"), "Whose clock the times are told by.", "Europe/Stockholm"),
    ),
)

STAFF = Table(
    "staff",
    ("Personal", "Staff"),
    "Who works at night, and who is sent.",
    (
        _key("Personalnr", "Staff no", "Anställningsnr", "Nr", example="P1"),
        Column("name", ("Namn", "Name"), "Name.", "Kerstin Norrgård", required=True, shown=False),
        Column(
            "roles",
            ("Roller", "Roles", "Roll", "Role"),
            "nattpersonal, patrull, chef, handläggare, sjuksköterska, installatör: one or several, with commas.",
            "nattpersonal, patrull",
            several(choice(ROLES)),
            required=True,
        ),
        Column(
            "chain",
            ("Larmordning", "Order", "Turordning"),
            "1 for the patrol that is sent first, then 2, 3 …; the last is asked again and again.",
            "1",
            whole,
            own=True,
        ),
    ),
    Referred.STAFF,
)

GATEWAYS = Table(
    "gateways",
    ("Gatewayer", "Gateways"),
    "The boxes in the homes.",
    (
        _key("Gatewaynr", "Gateway no", "Gateway", "Nr", example="G1"),
        Column(
            "public_key",
            ("Publik nyckel", "Public key"),
            "Its NKey, where that was made elsewhere; else it is made here.",
        ),
    ),
    Referred.GATEWAY,
)

HOMES = Table(
    "homes",
    ("Hem", "Homes"),
    "Where checks take place.",
    (
        _key("Hemnr", "Home no", "Nr", example="H1"),
        Column("address", ("Adress", "Address"), "Address.", "Björkstigen 7, Tumba", required=True, shown=False),
        Column(
            "risk_class",
            ("Riskklass", "Risk class"),
            "How soon somebody must go when the technology fails. Left out: medel.",
            "medel",
            choice(RISKS),
            choices=swedish(RISKS),
        ),
        Column(
            "outage_agreement",
            ("Vid avbrott", "Outage agreement", "Avbrottsöverenskommelse"),
            "What was agreed for a power or network failure. Left out: besök.",
            "ring först",
            choice(OUTAGES),
            choices=swedish(OUTAGES),
        ),
    ),
    Referred.HOME,
)

CAMERAS = Table(
    "cameras",
    ("Kameror", "Cameras"),
    "Which camera shows which home. Without one every check is a visit.",
    (
        _key("Kameranr", "Camera no", "Inventarienr", "Nr", example="K1"),
        _link(Referred.HOME, "home", "Hemnr", "Home", "Hem", about="Which home it shows.", example="H1"),
        _link(Referred.GATEWAY, "gateway", "Gatewaynr", "Gateway", about="Which box it stands behind.", example="G1"),
        Column(
            "address",
            ("Kameraadress", "Camera address", "Adress", "Address"),
            "rtsp://user:password@host:554/stream, a video file, or a drawn bedroom.",
            "scene:sleeper?seed=1",
            required=True,
            shown=False,
        ),
        Column(
            "privacy.filter",
            ("Insynsskydd", "Filter", "Privacy filter"),
            "What is done to the whole picture. Left out: rutor.",
            "siluett",
            choice(FILTERS),
            choices=swedish(FILTERS),
        ),
        Column(
            "privacy.nearest_m",
            ("Närmaste ansikte m", "Nearest face m"),
            "Metres from the camera to the nearest face. Left out: 1,5.",
            "1,5",
            decimal,
        ),
        *(
            Column(
                f"privacy.zones.0.{side}",
                (f"Svart zon {word}", f"Black zone {side}"),
                f"A rectangle that nobody sees, in fractions of the picture: its {side}.",
                example,
                decimal,
            )
            for side, word, example in (
                ("left", "vänster", "0"),
                ("top", "överkant", "0"),
                ("right", "höger", "0,2"),
                ("bottom", "nederkant", "0,5"),
            )
        ),
    ),
    Referred.CAMERA,
)

RECIPIENTS = Table(
    "recipients",
    ("Brukare", "Recipients"),
    "Who is checked on; one or two in a home.",
    (
        _key("Brukarnr", "Recipient no", "Nr", example="1001"),
        Column("name", ("Namn", "Name"), "Name.", "Aina Almkvist", required=True, shown=False),
        _link(Referred.HOME, "home", "Hemnr", "Home", "Hem", about="Where they live.", example="H1"),
        Column(
            "from_night",
            ("Tider från", "Times from"),
            "The first night of the schedule. Left out: the first that is not planned yet.",
            "",
            day,
        ),
    ),
    Referred.RECIPIENT,
)

SCHEDULES = Table(
    "schedules",
    ("Tillsynstider", "Schedules", "Tider", "Schedule"),
    "The agreed times; one row each.",
    (
        _recipient(),
        _key(
            "Tidnr",
            "Time no",
            "Nr",
            about="Your number for the time: with it a time that moves keeps its story. Left out: the time itself.",
            example="1",
            required=False,
        ),
        Column("time", ("Tid", "Time", "Klockslag"), "Local time of day.", "02:05", wall_time, required=True),
        Column("opens_before", ("Öppnar min före", "Opens min before"), "Minutes. Left out: 15.", "15", minutes),
        Column("late_after", ("Sen efter min", "Late after min"), "Minutes. Left out: 30.", "30", minutes),
        Column("deadline_after", ("Senast efter min", "Deadline after min"), "Minutes. Left out: 60.", "60", minutes),
    ),
    Referred.SCHEDULE_ENTRY,
)

DECISIONS = Table(
    "decisions",
    ("Beslut", "Decisions"),
    "The grants; the one that holds for each recipient.",
    (
        _key(
            "Beslutsnr",
            "Decision no",
            about="Your number for the decision. Left out: the recipient and the first night.",
            example="B-2026-17",
            required=False,
        ),
        _recipient(),
        Column("from_night", ("Från", "From", "Gäller från"), "First night. Left out: tonight.", "2026-11-03", day),
        Column("to_night", ("Till", "To", "Gäller till"), "Last night. Left out: no end.", "2027-04-30", day),
        Column(
            "checks_a_night",
            ("Tillsyner per natt", "Checks a night"),
            "How many are granted. Left out: as many as there are times.",
            "3",
            whole,
        ),
    ),
    Referred.DECISION,
)

CONSENTS = Table(
    "consents",
    ("Samtycken", "Consents", "Samtycke", "Consent"),
    "The yes to the camera. Without one every check is a visit.",
    (
        _key(
            "Samtyckesnr",
            "Consent no",
            about="Your number for the consent; a yes after a no needs a new one. Left out: the recipient.",
            example="S-17",
            required=False,
        ),
        _recipient(),
        Column("given", ("Samtycke", "Consent"), "ja or nej.", "ja", yes, required=True, own=True, choices=YES_NO),
        Column(
            "given_how",
            ("Hur", "How", "Form"),
            "How the yes was given. Left out: skriftligt.",
            "skriftligt",
            choice(FORMS),
            choices=swedish(FORMS),
        ),
        _link(
            Referred.STAFF,
            "taken_by",
            "Inhämtat av",
            "Taken by",
            about="Who took it: the number in the list of staff.",
            example="P1",
            required=False,
        ),
        *(
            Column("scope", headings, about, "ja", yes, member=member, choices=YES_NO)
            for member, headings, about in (
                (ConsentScope.SECOND_LOOKS, ("Ny titt", "Second looks"), "Another look when nobody was seen."),
                (ConsentScope.EXTRA_AUTUMN_LOOK, ("Extra titt höst", "Extra autumn look"), "The hour that is twice."),
                (ConsentScope.MACHINE_OPENINGS, ("Maskinöppning", "Machine openings"), "The gateway judges pictures."),
                (ConsentScope.ALARM_BY_RELATIVE, ("Larm anhörig", "Alarm by relative"), "When a relative phones."),
                (ConsentScope.ALARM_BY_STAFF, ("Larm personal", "Alarm by staff"), "When staff are worried."),
                (ConsentScope.ALARM_BY_DEVICE, ("Larm knapp", "Alarm by device"), "When a button or sensor calls."),
            )
        ),
    ),
    Referred.CONSENT,
)

TABLES = (UNIT, STAFF, GATEWAYS, HOMES, CAMERAS, RECIPIENTS, SCHEDULES, DECISIONS, CONSENTS)
EXPLANATIONS = ("Förklaringar", "Explanations")
"""The sheet of the template that is no list."""
EXAMPLE = ("exempel", "example")
"""A row whose first cell begins so is an example, and is left out."""


def table_called(sheet: str) -> Table | None:
    """The list that a file or sheet of this name is."""
    return next((table for table in TABLES if table.is_called(sheet)), None)
