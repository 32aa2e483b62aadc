"""Where a gateway keeps its cameras' references: one JSON file of numbers for each, and never a picture."""

from pathlib import Path
from uuid import UUID

import structlog
from pydantic import ValidationError

from camera_gateway.keeper import write_atomically
from camera_gateway.quality import Reference
from events.registry import first_error

log = structlog.get_logger()


def reference_file(folder: Path, camera: UUID) -> Path:
    """The file of a camera's reference in a gateway's folder."""
    return folder / "references" / f"{camera}.json"


def keep_reference(folder: Path, camera: UUID, reference: Reference) -> None:
    """Write a camera's reference in place of what was known of it. Raises OSError."""
    write_atomically(reference_file(folder, camera), reference.model_dump_json().encode())


def kept_reference(folder: Path, camera: UUID) -> Reference | None:
    """What is known of a camera; None where nothing was learned.

    A file that cannot be used is named in the log: the camera is then judged as any other, and nothing is said of
    whether it was moved.
    """
    file = reference_file(folder, camera)
    try:
        return Reference.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        log.error("the camera's reference cannot be used", file=str(file), why=first_error(error))
    except OSError as error:
        log.error("the camera's reference cannot be read", file=str(file), why=str(error))
    return None
