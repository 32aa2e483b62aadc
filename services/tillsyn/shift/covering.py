"""Who must be at work while slots wait: somebody who can look, or, in a night of visits alone, somebody who can go."""

_BY_CAMERA = frozenset({"night-staff"})
_ON_THE_ROAD = frozenset({"night-staff", "patrol"})


def covering(*, by_camera: bool) -> frozenset[str]:
    """The roles of which one must be there; `by_camera` while a camera is to be looked through."""
    return _BY_CAMERA if by_camera else _ON_THE_ROAD
