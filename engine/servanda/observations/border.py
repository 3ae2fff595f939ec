"""Between pydantic and our own flaws.

Pydantic checks types at the border; its messages are for programmers. Here
each of its errors becomes a `Flaw` with the field as the user wrote it, a code,
and, for a misspelt field, a suggestion.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from servanda.observations.problems import CODES, Flaw, did_you_mean, shown

_TAGS = {"plain", "parts"}  # pydantic puts the arm of a union into the path; no user wrote it
_MEANING = {
    "missing": ("O121", "it is missing"),
    "literal_error": ("O123", "it is not one of the values allowed"),
    "string_pattern_mismatch": ("O125", "it does not have the form it must have"),
    "string_too_short": ("O125", "it is empty"),
    "finite_number": ("O105", "it is not a finite number"),
    "greater_than_equal": ("O124", "it is too small"),
    "less_than_equal": ("O124", "it is too great"),
}
_KINDS = {
    "string_type": "a text is needed",
    "bool_type": "true or false is needed",
    "dict_type": "an object with named fields is needed",
    "model_type": "an object with named fields is needed",
    "model_attributes_type": "an object with named fields is needed",
    "tuple_type": "a list is needed",
    "int_type": "a number is needed",
    "float_type": "a number is needed",
}
_HELP = {
    "grade": "the Admiralty code is a letter A to F and a digit 1 to 6, such as B2",
    "at": "write an instant, a date, or {from, to, kind}",
}


def raise_flaw(flaw: Flaw) -> NoReturn:
    """Hand a flaw to pydantic, which collects it with the others.

    Args:
        flaw: The problem; its field is relative to the model that raises it.

    Raises:
        PydanticCustomError: Always.
    """
    context = {"field": flaw.field, "help": flaw.help, "value": flaw.value, "text": flaw.message}
    raise PydanticCustomError(flaw.code, "{text}", context)


def flaws_of(error: ValidationError, model: type[BaseModel]) -> list[Flaw]:
    """Turn pydantic's errors into flaws.

    Args:
        error: What pydantic found.
        model: The model it checked; its fields are what suggestions are drawn from.

    Returns:
        One flaw for each field, the first that was found in it.
    """
    found: dict[str | None, Flaw] = {}
    for details in error.errors(include_url=False):
        flaw = _flaw(details, model)
        found.setdefault(flaw.field, flaw)
    return list(found.values())


def _flaw(details: ErrorDetails, model: type[BaseModel]) -> Flaw:
    path = [str(part) for part in details["loc"] if part not in _TAGS]
    kind, value = details["type"], shown(details["input"])
    context = details.get("ctx", {})
    if kind in CODES:
        field = ".".join([*path, *filter(None, [context["field"]])])
        return Flaw(field or None, kind, context["text"], context["help"], context["value"])
    field = ".".join(path)
    if kind == "extra_forbidden":
        known = sorted(_names(_inner(model, path[:-1])))
        advice = did_you_mean(path[-1], known)
        return Flaw(field, "O120", f'the field "{field}" is not known', advice, value)
    if kind == "missing":
        return Flaw(field, "O121", f"{field} is missing", _HELP.get(field, ""))
    if kind in _MEANING:
        code, message = _MEANING[kind]
        allowed = str(context.get("expected") or context.get("ge") or context.get("le") or "")
        advice = f"allowed: {allowed}" if kind == "literal_error" else _HELP.get(field, "")
        return Flaw(field, code, f"{message}: {value}", advice, value)
    message = _KINDS.get(kind, details["msg"])
    return Flaw(field, "O122", f"{message}, not {value}", _HELP.get(field, ""), value)


def _inner(model: type[BaseModel], path: list[str]) -> type[BaseModel]:
    """Return the model a path of field names leads to."""
    for name in path:
        by_name = {info.alias or key: info for key, info in model.model_fields.items()}
        if name not in by_name:
            continue
        model = next(_models(by_name[name].annotation), model)
    return model


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models(inner)


def _names(model: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items()]
