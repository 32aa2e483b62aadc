"""Whole nights: the same seed, the same night; another seed, another night that breaks nothing."""

import os
from pathlib import Path

import pytest

from services.demo.director import footage
from tests.night.nights import play, require_sound

FOOTAGE = Path(os.environ.get("TILLSYN_FOOTAGE", Path(__file__).parents[3] / "shared" / "footage"))
FEW = 3


async def test_the_same_seed_gives_the_same_night(tmp_path: Path) -> None:
    first = await play(7, FEW, tmp_path / "first")
    second = await play(7, FEW, tmp_path / "second")

    assert first.summary.as_json() == second.summary.as_json()
    require_sound(first)


@pytest.mark.parametrize("seed", [2, 3])
async def test_another_seed_breaks_nothing(seed: int, tmp_path: Path) -> None:
    require_sound(await play(seed, FEW, tmp_path))


async def test_a_night_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    night = await play(7, FEW, tmp_path, database_url=postgres_url)

    require_sound(night)
    assert not (tmp_path / "tillsyn.db").exists()


@pytest.mark.skipif(not FOOTAGE.is_dir(), reason=f"no footage at {FOOTAGE}: name a folder of videos in TILLSYN_FOOTAGE")
async def test_a_night_with_footage(tmp_path: Path) -> None:
    videos = [file for file in footage(FOOTAGE) if file.suffix == ".mp4"][:3]

    require_sound(await play(4, FEW, tmp_path, videos=videos))
