"""What the package offers, and what it leans on."""

import ast
import sys
from pathlib import Path

import events.schedule

PACKAGE = Path(events.schedule.__file__).parent


def imported_by(file: Path) -> set[str]:
    """The full names of the modules that a file imports."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}


def test_the_rules_lean_on_nothing_but_the_standard_library_and_pydantic() -> None:
    modules = {module for file in PACKAGE.glob("*.py") for module in imported_by(file)}
    allowed = {*sys.stdlib_module_names, "pydantic"}
    outside = {module for module in modules if module.split(".")[0] not in allowed}
    assert all(module.startswith("events.schedule") for module in outside)


def test_the_rules_ask_no_clock() -> None:
    calls = (
        node.func.attr
        for file in PACKAGE.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    )
    assert not {"now", "today", "utcnow", "monotonic"} & set(calls)


def test_every_public_name_exists_and_is_documented() -> None:
    for name in events.schedule.__all__:
        public = getattr(events.schedule, name)
        assert not isinstance(public, type) or public.__doc__, name
