"""The settings of a gateway: who it is, its cameras, what may be shown of each home, and its limits."""

from pathlib import Path
from typing import ClassVar
from uuid import UUID

from pydantic import Field, SecretStr

from camera_gateway.cameras import Limits
from camera_gateway.privacy import PrivacySetting
from events.runtime.settings import PartSettings


class GatewaySettings(PartSettings):
    """Everything a gateway is told by its installer. The rest comes with the schedule."""

    TABLE: ClassVar[str] = "gateway"

    gateway: UUID = Field(description="This gateway's id, as registered with the service.")
    organisation: UUID = Field(description="The organisation that the gateway belongs to.")
    unit: UUID = Field(description="The care unit that the gateway belongs to; a schedule may name another later.")
    nats_seed_file: Path = Field(description="File with the gateway's NKey seed, with which it proves who it is.")
    grant_key_file: Path = Field(description="File with the service's public key (JSON Web Key) that signs grants.")

    cameras: dict[UUID, SecretStr] = Field(
        default_factory=dict,
        description="Camera id → address (file:, rtsp:, onvif:, scene:). A table in the file; JSON in the environment.",
    )
    privacy_default: PrivacySetting = Field(
        default=PrivacySetting(), description="What a viewer may see of a home that `privacy` does not name."
    )
    privacy: dict[UUID, PrivacySetting] = Field(
        default_factory=dict,
        description="Camera id → what a viewer may see: kind, strength, black zones. A table in the file; JSON else.",
    )
    camera_limits: Limits = Field(default=Limits(), description="Time limits inside one opening, in seconds.")
    opening_limit_s: float = Field(
        20.0, gt=0, le=120, description="Seconds after which an opening is given up, whatever the camera does."
    )
    checks_at_once: int = Field(
        8, ge=1, le=64, description="How many cameras are opened for checks at a time, at most."
    )
    frames_judged: int = Field(3, ge=1, le=30, description="Pictures taken to judge one check.")

    looks_at_once: int = Field(8, ge=1, le=64, description="How many looks are served at the same time, at most.")
    look_limit_s: float = Field(8.0, gt=0, le=60, description="Seconds within which a look is answered, or refused.")
    stale_after_s: float = Field(1.5, gt=0, le=10, description="A picture older than this is never shown as live.")
    most_picture_bytes: int = Field(500_000, ge=10_000, le=900_000, description="The largest picture sent, in bytes.")

    heartbeat_s: float = Field(60.0, ge=0.05, le=3600, description="Seconds between two heartbeats.")
    schedule_check_s: float = Field(
        300.0, ge=0.05, le=86400, description="Seconds after which the bucket is asked for a newer schedule anyway."
    )
    resend_most_s: float = Field(
        30.0, ge=0.05, le=600, description="The longest pause between two attempts to send what waits, in seconds."
    )
    clock_tolerance_s: float = Field(
        60.0, ge=1, le=3600, description="Seconds of doubt about the clock beyond which its times are not trusted."
    )

    @property
    def folder(self) -> Path:
        """Where this gateway keeps its schedule and its spool: several may share one data folder."""
        return self.data / f"gateway-{self.gateway}"

    def privacy_of(self, camera: UUID) -> PrivacySetting:
        """What a viewer may see through this camera."""
        return self.privacy.get(camera, self.privacy_default)
