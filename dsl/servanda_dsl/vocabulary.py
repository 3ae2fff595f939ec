"""The stock vocabularies: the acts, effects, records, categories and standards a text and an observation may name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

ActKind = Literal["act", "effect", "record"]
Denotes = Literal["from", "into", "either", "over", "at"]
"""What the place of an observation is: where it was done from, where it arrived, one of the two (and nobody can say
which), the ground beneath it, or simply where it is."""


@dataclass(frozen=True)
class Act:
    """One term of a vocabulary.

    Attributes:
        name: As rules and observations write it.
        kind: `act` (someone does it), `effect` (something is seen or heard of it), `record` (a paper of procedure).
        gerund: For sentences: "firing".
        place: What the place of an observation of it is.
        also: What the same observation shows besides (who fires a weapon has it there).
        once: Whether it can happen only once for one duty.
        telling: Whether it is done by saying it, so that the word of the one who acts is the act itself.
        fields: Further fields of an observation of it.
        power: Whether it is for bodies that the agreement empowers to do it.
        one_of: Of its further fields those with closed values, and these.
        objects: Whether what it is done to is an object, told apart from the weapon it is done with.
        state: Whether it is a state that lasts (to keep something) and not something that happens.
        said: Other words by which a rule may name it; an observation uses the name.
        done: Its participle, by which a limit counts what was done: `released`; empty where nothing is counted so.
    """

    name: str
    kind: ActKind
    gerund: str
    place: Denotes = "at"
    also: tuple[str, ...] = ()
    once: bool = False
    telling: bool = False
    fields: tuple[str, ...] = ()
    objects: bool = False
    power: bool = False
    one_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    state: bool = False
    said: tuple[str, ...] = ()
    done: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """A closed set of terms."""

    name: str
    version: str
    acts: dict[str, Act]
    categories: dict[str, str]
    standards: dict[str, str]
    objects: dict[str, str]
    units: dict[str, tuple[str, ...]]
    """What limits count, each by its name and the words that sources and texts have for it."""

    def unit(self, word: str) -> str | None:
        """The unit that a word stands for; None where it is none that limits count."""
        small = word.casefold()
        return next((u for u, words in self.units.items() if small == u or small in words), None)

    def meant(self, word: str) -> str:
        """The act that a word of a rule names: itself, unless it is another word for one."""
        return next((a.name for a in self.acts.values() if word in a.said), word)

    @property
    def participles(self) -> dict[str, str]:
        """The acts of which so many done may be counted, by their participles."""
        return {act.done: act.name for act in self.acts.values() if act.done}

    def shows(self, act: str) -> tuple[str, ...]:
        """The acts that one observation of `act` shows: itself, then what it shows besides."""
        return (act, *self.acts[act].also) if act in self.acts else (act,)

    def thing(self, name: str) -> str:
        """A category of weapon or object in words; the name itself where the vocabulary has neither."""
        return self.categories.get(name) or self.objects.get(name) or name

    @property
    def powers(self) -> tuple[str, ...]:
        """The acts that are for bodies which the agreement empowers to do them."""
        return tuple(name for name, act in self.acts.items() if act.power)

    @property
    def fields(self) -> frozenset[str]:
        """Further observation fields that some act declares."""
        return frozenset(f for act in self.acts.values() for f in act.fields)


def vocabulary_names() -> tuple[str, ...]:
    """The vocabularies that ship."""
    folder = files("servanda_dsl").joinpath("vocabularies")
    return tuple(sorted(p.name[:-5] for p in folder.iterdir() if p.name.endswith(".toml")))


@cache
def vocabulary(name: str) -> Vocabulary:
    """A vocabulary by name.

    Raises:
        KeyError: No such vocabulary ships.
    """
    if name not in vocabulary_names():
        raise KeyError(name)
    data = tomllib.loads(files("servanda_dsl").joinpath("vocabularies", f"{name}.toml").read_text(encoding="utf-8"))
    acts = {
        key: Act(
            name=key,
            kind=value["kind"],
            gerund=value["gerund"],
            place="at" if value["kind"] == "record" else value["place"],
            also=tuple(value.get("also", ())),
            once=bool(value.get("once", False)),
            telling=bool(value.get("telling", False)),
            fields=tuple(value.get("fields", ())),
            objects=bool(value.get("objects", False)),
            power=bool(value.get("power", False)),
            one_of={name: tuple(values) for name, values in value.get("one_of", {}).items()},
            state=bool(value.get("state", False)),
            said=tuple(value.get("said", ())),
            done=str(value.get("done", "")),
        )
        for key, value in data["acts"].items()
    }
    units = {unit: tuple(words) for unit, words in data["units"].items()}
    return Vocabulary(
        data["name"], str(data["version"]), acts, data["categories"], data["standards"], data["objects"], units
    )
