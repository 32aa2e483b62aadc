"""Where the lists go: a folder (local, or a share that is mounted), or an address that takes HTTP PUT (WebDAV)."""

from services.offline_list.places.arrival import what_is_missing
from services.offline_list.places.folder import Folder
from services.offline_list.places.place import Place, PlaceError
from services.offline_list.places.web import WebFolder

__all__ = ["Folder", "Place", "PlaceError", "WebFolder", "what_is_missing"]
