"""Whether a list has arrived: it is read back, and held against what was sent."""

from hashlib import sha256

from services.offline_list.places.place import Place, PlaceError


async def what_is_missing(place: Place, file: str, digest: str) -> str | None:
    """None when the whole file lies there, else what is wrong. `digest` is the SHA-256 of what was sent, in hex."""
    try:
        found = await place.get(file)
    except PlaceError as error:
        return f"{place.name}: {error}"
    if found is None:
        return f"{place.name}: it is not there"
    if sha256(found).hexdigest() != digest:
        return f"{place.name}: what lies there is another file, or cut off ({len(found)} bytes)"
    return None
