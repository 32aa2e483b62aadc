"""What a home links it takes, what it unlinks it gives back: in the camera's own stream, where two homes meet."""

from events.base import Event
from events.envelope import Context
from events.store import queries
from events.types.home import CameraLinked, CameraUnlinked
from services.tillsyn import camera as cameras
from services.tillsyn.kinds import CAMERA
from services.tillsyn.ledger import Transaction


async def cameras_belong(tx: Transaction, stream_name: str, event: Event, context: Context) -> None:
    """CameraElsewhereError when another home has the camera, or takes it at this instant."""
    match event:
        case CameraLinked(camera=camera, home=home):
            stream = await tx.load(CAMERA, cameras.stream_of(camera))
            row = await tx.store.query(queries.home_of_camera, camera)  # of one linked before cameras had streams
            belonging = cameras.Belonging(stream.state.home or row)
            tx.record(stream, cameras.give(belonging, camera, home), context)
        case CameraUnlinked(camera=camera, home=home):
            stream = await tx.load(CAMERA, cameras.stream_of(camera))
            tx.record(stream, cameras.free(stream.state, camera, home), context)
        case _:
            pass
