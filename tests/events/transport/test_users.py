"""NKey seeds and the file that tells the server of its users."""

import stat
from pathlib import Path

import pytest

from events.transport.users import (
    BadNatsKeyError,
    NatsUser,
    keep_seed,
    new_seed,
    public_key,
    render_users,
    write_users,
)
from tests.events.transport.builders import Keys


def test_a_seed_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys" / "nats"

    first = keep_seed(folder, "service")

    assert keep_seed(folder, "service") == first
    assert keep_seed(folder, "relay") != first
    assert stat.S_IMODE((folder / "service.nk").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("text", ["", "no seed", "SUAAA", "SAAMLK2ZG35UKP7RDWDEFTZLWT7T5BDV5Q3PHJNMTC6ZBUYP2ZVJTWLQFU"])
def test_what_is_no_seed_is_told_without_repeating_it(text: str) -> None:
    with pytest.raises(BadNatsKeyError) as told:
        public_key(text)
    assert not text or text not in str(told.value)


def test_a_file_without_a_seed_is_named(tmp_path: Path) -> None:
    (tmp_path / "relay.nk").write_text("scribble")

    with pytest.raises(BadNatsKeyError, match=r"relay\.nk holds no usable key"):
        keep_seed(tmp_path, "relay")


def test_no_seed_stands_in_the_servers_file(tmp_path: Path, keys: Keys) -> None:
    write_users(tmp_path, keys.users)

    text = (tmp_path / "users.conf").read_text()
    for seed in (keys.service, keys.relay, keys.box.seed, keys.other.seed):
        assert seed not in text
        assert public_key(seed) in text


def test_the_servers_file_is_the_same_in_whatever_order_the_users_come(keys: Keys) -> None:
    assert render_users(keys.users) == render_users(reversed(keys.users))


def test_two_users_with_one_key_are_refused() -> None:
    key = public_key(new_seed())

    with pytest.raises(BadNatsKeyError, match=r"the same key"):
        render_users([NatsUser.service(key), NatsUser.relay(key)])


@pytest.mark.parametrize("key", ["", "U} }, { nkey: X", "SUAMLK2ZG35UKP7R", "ABC"])
def test_what_is_no_public_key_never_reaches_the_servers_file(key: str) -> None:
    with pytest.raises(BadNatsKeyError, match=r"not a user's public NKey"):
        render_users([NatsUser.service(key)])
