"""No camera is linked to two homes.

Broken: whoever looks at one person may see another, and say that all is well.
"""

from collections.abc import Iterable
from uuid import UUID

from services.tillsyn.invariants.world import Breach, Rule, World

NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Every camera that a home has linked."""
    linked: dict[UUID, UUID] = {}
    for home, story in world.homes.items():
        for camera in story.state.cameras:
            first = linked.setdefault(camera.camera, home)
            if first != home:
                yield Breach(NAME, story.stream, f"camera {camera.camera} is linked to home {first} too")


RULE = Rule.of(__name__, __doc__, check)
