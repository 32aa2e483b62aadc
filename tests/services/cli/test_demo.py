"""`tillsyn demo` as `make run` calls it: the main job, with nothing said."""

from pathlib import Path

from tests.services.cli.running import tillsyn


def test_the_night_that_make_run_plays_ends_with_its_effects(tmp_path: Path) -> None:
    played = tillsyn("demo", "--data", tmp_path)
    assert played.returncode == 0, played.stderr
    assert "kronor saved" in played.stdout
