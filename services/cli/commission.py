"""`tillsyn commission`: the test that a camera passes before it is used.

The installer, on site with the recipient, begins it and shows the code before the camera. Somebody else looks, reads
the code in the picture, and says it. The picture is drawn in the terminal and kept nowhere.
"""

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar
from uuid import UUID

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.text import Text

from events.looks.messages import NoPicture
from events.looks.picture import ViewerKey
from events.runtime.clock import WallClock
from services.cli.as_service import nats_as_service
from services.cli.output import complain, people
from services.cli.reading import Config, Data, settings_for
from services.opening import opened_ledger
from services.secrets import code_key, grant_signer
from services.settings import TillsynSettings
from services.tillsyn.desk import Installing
from services.tillsyn.desk.installing import Read, ShownCode
from services.tillsyn.looking import NatsLooking

T = TypeVar("T")
UPPER_HALF = "\u2580"
"""A character cell shows two pixels: its upper half in the one colour, the lower in the other."""

Home = Annotated[UUID, typer.Option(help="The home.")]
Camera = Annotated[UUID, typer.Option(help="The camera, which is linked to the home.")]
Installer = Annotated[UUID, typer.Option(help="Who is on site, in the role installer.")]
By = Annotated[UUID, typer.Option(metavar="STAFF", help="Who looks and reads: night staff, not the installer.")]
Code = Annotated[str, typer.Option(help="The six digits that the picture shows.")]
Present = Annotated[bool, typer.Option("--recipient-present", help="The recipient is there, and knows of the test.")]

app = typer.Typer(
    help="Test a camera before it is used: a code in the home, read in a live picture.", no_args_is_help=True
)


@app.command()
def begin(
    home: Home,
    camera: Camera,
    installer: Installer,
    recipient_present: Present = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Begin a test: the code to show before the camera, large, for a quarter of an hour."""

    def shown_by(desk: Installing) -> Awaitable[ShownCode]:
        return desk.begin(home, camera, installer, recipient_present=recipient_present)

    shown = asyncio.run(_ask(settings_for(config, data), shown_by))
    people.print(f"Show this before the camera: [bold]{shown.code}[/]  (until {shown.until:%H:%M} UTC)")


@app.command()
def look(home: Home, by: By, config: Config = None, data: Data = None) -> None:
    """Open the camera in test once, and draw what it shows in this terminal. Make the window as large as you can."""
    if not sys.stdout.isatty():
        raise typer.BadParameter("a picture is drawn in a terminal and written nowhere else; run this in one")
    key = ViewerKey()
    reply = asyncio.run(_ask(settings_for(config, data), lambda desk: desk.look(home, by, key.public())))
    if isinstance(reply, NoPicture):
        complain(f"no picture: {reply.fault.value}: {reply.detail}")
        raise typer.Exit(1)
    picture = cv2.imdecode(np.frombuffer(key.open(reply), np.uint8), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        complain("what came is no picture")
        raise typer.Exit(1)
    size = shutil.get_terminal_size()
    people.print(drawn(np.asarray(picture, np.uint8), size.columns, size.lines - 2))
    people.print(f"taken at {reply.taken_at:%H:%M:%S} UTC")


@app.command()
def confirm(
    home: Home, by: By, code: Code, recipient_present: Present = False, config: Config = None, data: Data = None
) -> None:
    """Say which code the picture showed. The right one puts the camera in use for nights planned from then on."""

    def said(desk: Installing) -> Awaitable[Read]:
        return desk.confirm(home, by, code, recipient_present=recipient_present)

    read = asyncio.run(_ask(settings_for(config, data), said))
    if read is Read.COMMISSIONED:
        people.print("The camera has passed, and is in use for nights planned from now on.")
        return
    again = "look again" if read is Read.WRONG_CODE else "the test has failed; the installer begins anew"
    complain(f"{code} is not the code: {again}")
    raise typer.Exit(1)


def drawn(picture: NDArray[np.uint8], columns: int, lines: int) -> Text:
    """A grey picture as text of at most `columns` × `lines`, two pixels a character, its shape kept."""
    high, wide = picture.shape
    scale = min(columns / wide, 2 * lines / high)
    size = (max(1, int(wide * scale)), max(2, int(high * scale) // 2 * 2))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    text = Text(no_wrap=True, end="")
    for upper, lower in zip(small[0::2], small[1::2], strict=True):
        for above, below in zip(upper, lower, strict=True):
            text.append(UPPER_HALF, f"rgb({above},{above},{above}) on rgb({below},{below},{below})")
        text.append("\n")
    return text


async def _ask(settings: TillsynSettings, what: Callable[[Installing], Awaitable[T]]) -> T:
    clock = WallClock()
    async with opened_ledger(settings, clock) as ledger, nats_as_service(settings, "commission") as nats:
        looking = NatsLooking(nats, grant_signer(settings), clock.now)
        return await what(Installing(ledger, looking, code_key(settings)))
