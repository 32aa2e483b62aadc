"""The private cluster says so when it cannot be made."""

import pytest

from tests import postgres


def test_without_postgresql_tests_are_skipped_and_under_ci_they_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "binaries", lambda: None)

    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt install postgresql"), postgres.cluster():
        pass

    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt install postgresql"), postgres.cluster():
        pass
