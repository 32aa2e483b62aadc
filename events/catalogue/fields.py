"""What the code says of a field: its type in words, and the docstring that stands below it."""

import ast
import inspect
import textwrap
import types
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from events.personal import Personal

_PLAIN: dict[Any, str] = {
    UUID: "id",
    str: "text",
    int: "whole number",
    float: "number",
    bool: "yes or no",
    date: "date",
    time: "time of day",
    timedelta: "duration",
    datetime: "instant",
    AwareDatetime: "instant",
}
_COLLECTIONS = {tuple: "list of", list: "list of", frozenset: "set of", set: "set of"}


def in_words(annotation: Any) -> str:
    """The type of a field for people; the models and enumerations of ours link to their own entry."""
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    origin, arguments = get_origin(annotation), [item for item in get_args(annotation) if item is not ...]
    if origin is Annotated:
        return in_words(arguments[0])
    if origin is Personal:
        return f"{in_words(arguments[0])}, **personal**"
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in arguments)
    if origin in _COLLECTIONS:
        return f"{_COLLECTIONS[origin]} {in_words(arguments[0])}"
    if origin in (Union, types.UnionType):
        some = [in_words(item) for item in arguments if item is not type(None)]
        return " or ".join(some) + (", or none" if type(None) in arguments else "")
    if origin is dict:
        return f"{in_words(arguments[1])} by {in_words(arguments[0])}"
    return f"[{annotation.__name__}](#{annotation.__name__.lower()})"


def is_personal(annotation: Any) -> bool:
    """Whether a field holds a sealed value that speaks of one person."""
    return get_origin(annotation) is Personal or any(map(is_personal, get_args(annotation)))


def meanings(kind: type) -> dict[str, str]:
    """The docstrings below the fields (or members) of a class and of those it inherits from."""
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if base.__module__.startswith("events."):
            found |= _own_meanings(base)
    return found


def parts_of(kinds: Iterable[type[BaseModel]]) -> list[type]:
    """The models and enumerations that the fields of `kinds` are made of, each once, by name."""
    found: dict[str, type] = {}
    waiting: list[Any] = [field.annotation for kind in kinds for field in kind.model_fields.values()]
    while waiting:
        annotation = waiting.pop()
        waiting += get_args(annotation)
        is_ours = isinstance(annotation, type) and issubclass(annotation, (BaseModel, Enum))
        if is_ours and annotation.__name__ not in found:
            found[annotation.__name__] = annotation
            if issubclass(annotation, BaseModel):
                waiting += [field.annotation for field in annotation.model_fields.values()]
    return [found[name] for name in sorted(found)]


def _own_meanings(kind: type) -> dict[str, str]:
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101 - the source of a class
    found: dict[str, str] = {}
    for statement, following in zip(definition.body, definition.body[1:], strict=False):
        name = _assigned_name(statement)
        match following:
            case ast.Expr(value=ast.Constant(value=str(text))) if name:
                found[name] = inspect.cleandoc(text)
    return found


def _assigned_name(statement: ast.stmt) -> str | None:
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return None
