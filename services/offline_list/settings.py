"""The offline list's settings: where the lists go, when, under which passwords, and how long they stay."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, Field, SecretStr

from events.runtime.settings import BadConfigurationError, Duration
from services.offline_list.words import Language
from services.settings import DatabaseSettings

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _safe_address(address: SecretStr) -> SecretStr:
    parts = urlsplit(address.get_secret_value())
    if not parts.hostname or parts.username:
        raise ValueError("give https://host/folder; name and password have settings of their own")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ValueError("give https://…; the password would travel in clear")
    return address


SafeAddress = Annotated[SecretStr, AfterValidator(_safe_address)]


class OfflineListSettings(DatabaseSettings):
    """The offline list: an encrypted list on paper for each patrol, each evening, in a place outside of the system.

    It needs the database and its master key, and no NATS. Passwords are secrets: keep them in a file that only the
    operator reads.
    """

    TABLE: ClassVar[str] = "offline_list"

    offline_folder: Path | None = Field(
        None, description="Folder that the lists go to: local, or a share that is mounted. It must exist."
    )
    offline_web: SafeAddress | None = Field(
        None, description="Address of a folder that the lists are PUT to (WebDAV): `https://host/folder`."
    )
    offline_web_user: str = Field("", description="Name with which that server is told who we are.")
    offline_web_password: SecretStr = Field(SecretStr(""), description="The password that belongs to the name.")
    offline_passwords: dict[UUID, SecretStr] = Field(
        default_factory=dict,
        description="The password of each patrol's list, by the patrol's id; by the unit's where it has no patrols. "
        "Weak ones are refused. Or give them in a file:",
    )
    offline_passwords_file: Path | None = Field(
        None, description='TOML file with a line `"<id>" = "<password>"` for each.'
    )
    offline_before: Duration = Field(
        timedelta(minutes=60),
        gt=timedelta(0),
        le=timedelta(hours=12),
        description="So long before the unit's first slot opens the lists are made.",
    )
    offline_interval: Duration = Field(
        timedelta(minutes=1),
        gt=timedelta(0),
        le=timedelta(minutes=15),
        description="The longest between two rounds: what failed is tried again, what changed is made anew.",
    )
    offline_keep_nights: int = Field(
        2, ge=1, le=30, description="Lists of nights so many nights back are removed from where they went."
    )
    offline_language: Language = Field(Language.SWEDISH, description="Language of the lists.")

    @property
    def has_a_place(self) -> bool:
        """Whether the lists go anywhere."""
        return self.offline_folder is not None or self.offline_web is not None

    def require_a_place(self) -> None:
        """BadConfigurationError when the lists would go nowhere."""
        if not self.has_a_place:
            raise BadConfigurationError("TILLSYN_OFFLINE_FOLDER or TILLSYN_OFFLINE_WEB: name where the lists go")
