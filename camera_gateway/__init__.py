"""The small box by the cameras: does its checks alone, and shows nothing to anybody outside what was agreed."""

from camera_gateway.app import Gateway, run_gateway
from camera_gateway.settings import GatewaySettings

__all__ = ["Gateway", "GatewaySettings", "run_gateway"]
