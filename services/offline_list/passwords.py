"""The password of each list. Whoever finds the file can try as many as they like, so weak ones are refused."""

import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from pydantic import SecretStr
from zxcvbn import zxcvbn

from events.runtime.settings import BadConfigurationError

SHORTEST = 16
LONGEST = 72
"""zxcvbn takes no more, and nobody types more in a car."""
LEAST_GUESSES_LOG10 = 14.0
"""At some 10⁵ tries a second, what one graphics card does against AES-256 of PDF 2.0, that is thirty years."""


def require_strong(password: str, whose: str) -> None:
    """BadConfigurationError, which does not repeat the password, when it is too easy to guess."""
    if not SHORTEST <= len(password) <= LONGEST or not password.isprintable():
        raise BadConfigurationError(
            f"the password of {whose} has {len(password)} characters; give {SHORTEST} to {LONGEST} printable ones"
        )
    guesses = math.log10(int(zxcvbn(password, max_length=LONGEST)["guesses"]))
    if guesses < LEAST_GUESSES_LOG10:
        raise BadConfigurationError(
            f"the password of {whose} is guessed in about 10^{guesses:.0f} tries; it takes more than "
            f"10^{LEAST_GUESSES_LOG10:.0f}: four words drawn by lot, or 16 random characters"
        )


def read_passwords(given: Mapping[UUID, SecretStr], file: Path | None) -> dict[UUID, SecretStr]:
    """By patrol, or unit where it has none: those of the settings, and those of the file, each checked."""
    passwords = {**given, **(_from_file(file) if file else {})}
    for whose, password in passwords.items():
        require_strong(password.get_secret_value(), str(whose))
    return passwords


def _from_file(file: Path) -> dict[UUID, SecretStr]:
    try:
        table = tomllib.loads(file.read_text())
    except OSError as error:
        raise BadConfigurationError(f"cannot read the passwords {file}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise BadConfigurationError(f'{file} is not TOML; give lines such as `"<patrol id>" = "…"`') from None
    try:
        return {UUID(name): SecretStr(_text(value)) for name, value in table.items()}
    except ValueError:
        raise BadConfigurationError(
            f'{file}: each line is `"<id of a patrol, or of a unit without patrols>" = "<password>"`'
        ) from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")
    return value
