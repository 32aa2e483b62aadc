"""Patterns of surfaces: how light or dark each point is, by its place in metres."""

from collections.abc import Callable
from enum import Enum, auto

import numpy as np

from camera_gateway.scenes.optics import Floats


class Texture(Enum):
    """What a surface looks like close by."""

    PLAIN = auto()
    WALL = auto()
    BOARDS = auto()
    RUG = auto()
    HANGING = auto()
    DRAWERS = auto()
    DOORS = auto()
    PANES = auto()
    CURTAIN = auto()
    PICTURE = auto()
    STRIPES = auto()
    CHECKS = auto()


def shade(texture: Texture, x: Floats, y: Floats, width: float, height: float) -> Floats:
    """Factors (same shape as `x` and `y`, metres from the surface's corner) that multiply its colour."""
    return np.asarray(PATTERNS[texture](x, y, width, height), dtype=np.float32)


def _line(x: Floats, period: float, thickness: float) -> Floats:
    """1 on lines `thickness` metres wide, every `period` metres; else 0."""
    return np.asarray(np.abs((x + period / 2) % period - period / 2) < thickness / 2, dtype=np.float32)


def _frame(x: Floats, y: Floats, width: float, height: float, thickness: float) -> Floats:
    """1 within `thickness` metres of the surface's edge; else 0."""
    nearest = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y))
    return np.asarray(nearest < thickness, dtype=np.float32)


def _plain(x: Floats, y: Floats, width: float, height: float) -> Floats:
    return np.ones_like(x)


def _wall(x: Floats, y: Floats, width: float, height: float) -> Floats:
    skirting = (y < 0.09) * 0.25 - (np.abs(y - 0.09) < 0.012) * 0.45
    return np.asarray(1 + skirting)


def _boards(x: Floats, y: Floats, width: float, height: float) -> Floats:
    board = np.floor(x / 0.14)
    tone = 0.92 + 0.16 * ((np.sin(board * 12.9) * 437.5) % 1)
    return np.asarray(tone - 0.35 * _line(x, 0.14, 0.012))


def _rug(x: Floats, y: Floats, width: float, height: float) -> Floats:
    return np.asarray(1.0 - 0.35 * _frame(x, y, width, height, 0.14) + 0.5 * _frame(x, y, width, height, 0.05))


def _hanging(x: Floats, y: Floats, width: float, height: float) -> Floats:
    folds = 0.12 * np.sin(x * 31 + 1.5 * np.sin(x * 7)) + 0.06 * np.sin(x * 67)
    return np.asarray((0.8 + folds) * (0.45 + 0.55 * np.clip(y / height, 0, 1)))


def _drawers(x: Floats, y: Floats, width: float, height: float) -> Floats:
    gaps = np.maximum(_line(y, height / 2, 0.02), _frame(x, y, width, height, 0.015))
    knob = np.hypot(x - width / 2, (y % (height / 2)) - height / 4) < 0.025
    return np.asarray(1 - 0.5 * gaps - 0.5 * knob)


def _doors(x: Floats, y: Floats, width: float, height: float) -> Floats:
    gaps = np.maximum(_line(x, width / 2, 0.018), _frame(x, y, width, height, 0.02))
    return np.asarray(1 - 0.5 * gaps)


def _panes(x: Floats, y: Floats, width: float, height: float) -> Floats:
    bars = np.maximum(_line(x - width / 2, width, 0.05), _line(y - height / 2, height, 0.04))
    frame = np.maximum(bars, _frame(x, y, width, height, 0.06))
    return np.asarray((0.75 + 0.35 * y / height) * (1 - 0.78 * frame))


def _curtain(x: Floats, y: Floats, width: float, height: float) -> Floats:
    return np.asarray(0.75 + 0.25 * np.sin(x * 70 + 0.6 * np.sin(y * 3)))


def _picture(x: Floats, y: Floats, width: float, height: float) -> Floats:
    hills = y < height * (0.42 + 0.12 * np.sin(x * 11))
    motif = np.where(hills, 0.55, 1.05)
    return np.asarray(np.where(_frame(x, y, width, height, 0.035) > 0, 0.3, motif))


def _stripes(x: Floats, y: Floats, width: float, height: float) -> Floats:
    return np.asarray(1 + 0.30 * _line(y, 0.34, 0.09) - 0.18 * _line(y - 0.1, 0.34, 0.03))


def _checks(x: Floats, y: Floats, width: float, height: float) -> Floats:
    return np.asarray(1 + 0.20 * _line(y, 0.3, 0.12) + 0.20 * _line(x, 0.3, 0.12))


PATTERNS: dict[Texture, Callable[[Floats, Floats, float, float], Floats]] = {
    Texture.PLAIN: _plain,
    Texture.WALL: _wall,
    Texture.BOARDS: _boards,
    Texture.RUG: _rug,
    Texture.HANGING: _hanging,
    Texture.DRAWERS: _drawers,
    Texture.DOORS: _doors,
    Texture.PANES: _panes,
    Texture.CURTAIN: _curtain,
    Texture.PICTURE: _picture,
    Texture.STRIPES: _stripes,
    Texture.CHECKS: _checks,
}
