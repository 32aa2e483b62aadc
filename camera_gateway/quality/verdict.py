"""From figures to a verdict, with the camera's own reference where there is one."""

from camera_gateway.quality.figures import Figures
from camera_gateway.quality.picture import Liveness, Verdict, View, ViewAnswer
from camera_gateway.quality.reference import ModeReference
from camera_gateway.quality.thresholds import Thresholds

EDGES_BY_LIGHT = 4
"""Edges grow faint faster than light: with 70 % of it 10–72 % of them were left. 0.7⁴ is 24 %, and of that a share."""
GONE = {ViewAnswer.MOVED, ViewAnswer.ANOTHER}


def verdict_of(
    figures: Figures, liveness: Liveness, view: View, known: ModeReference | None, limits: Thresholds
) -> Verdict:
    """Where there are edges there is something to see; only without them is it asked what is wrong.

    Fewer edges than the camera usually shows are first of all another view, if that can be told.
    """
    if liveness is Liveness.FROZEN:
        return Verdict.FROZEN
    if figures.saturated_share > _most_saturated(known, limits):
        return Verdict.OVER_EXPOSED
    if shows_edges(figures, limits) and view.answer in GONE:
        return Verdict.MOVED
    if figures.edge_share >= _least_edges(figures, known, limits):
        return Verdict.USABLE
    return _what_is_wrong(figures, known, limits)


def shows_edges(figures: Figures, limits: Thresholds) -> bool:
    """Whether there is anything to see by the standard of any camera: what has no edges is not compared."""
    return figures.edge_share >= limits.least_edge_share


def is_infrared(figures: Figures, limits: Thresholds) -> bool | None:
    """Whether one hue explains all colour. None: too little light to tell."""
    if figures.grey_spread < limits.least_grey_spread:
        return None
    return figures.hue_spread < limits.infrared_hue_spread


def _what_is_wrong(figures: Figures, known: ModeReference | None, limits: Thresholds) -> Verdict:
    if figures.bright_grey < limits.least_bright_grey:
        return Verdict.DARK
    if known is not None and figures.saturated_share > known.saturated_share + limits.more_saturated_without_edges:
        return Verdict.OVER_EXPOSED
    if figures.coarse_structure < limits.least_coarse_structure:
        return Verdict.COVERED
    if known is not None and figures.bright_grey < limits.lost_light * known.bright_grey:
        return Verdict.DARK
    return Verdict.BLURRED


def _most_saturated(known: ModeReference | None, limits: Thresholds) -> float:
    """A camera that looks at a lamp or a white wall is allowed what it showed when it was set up, and more."""
    usual = 0.0 if known is None else known.saturated_share + limits.more_saturated
    return max(limits.most_saturated_share, min(usual, 95.0))


def _least_edges(figures: Figures, known: ModeReference | None, limits: Thresholds) -> float:
    if known is None:
        return limits.least_edge_share
    light = min(1.0, figures.bright_grey / max(known.bright_grey, 1.0))
    return limits.least_of_usual_edges * known.edge_share * float(light**EDGES_BY_LIGHT)
