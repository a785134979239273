"""How the demonstration's people write: an anomaly is a small grammar, each ticket one of its sentences."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from sla.policy import Severity

B, M, N = Severity.BLOQUANTE, Severity.MAJEURE, Severity.MINEURE

# What French typography writes, and what a keyboard does not: the apostrophe, the spaces before some signs.
_TYPOGRAPHY = (
    (re.compile(r"(?<=[^\W\d_])'"), "’"),
    (re.compile(r" (?=[;?!])"), "\u202f"),
    (re.compile(r" (?=[:»])"), "\u00a0"),
    (re.compile(r"(?<=«) "), "\u00a0"),
    (re.compile(r"(?<=\d) (?=(?:h|€|%)\b)"), "\u00a0"),
    (re.compile(r"(?<=\d h) (?=\d)"), "\u00a0"),
)
_SLOT = re.compile(r"(?:\b([dD]e|à|À) )?\{(\w+)\}")
# French contracts these before the article that a slot may begin with, or before its vowel.
_CONTRACTED = {("de", "le "): "du ", ("de", "les "): "des ", ("à", "le "): "au ", ("à", "les "): "aux "}
_VOWELS = "aeiouyéèêâîôûAEIOUÉÈÊ"
_CODE = re.compile(r"(`[^`]*`)")


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One kind of anomaly of a solution's trade; every text may name slots in braces, `subject` among them.

    `exchanges` are questions with their answers, `fixes` what was corrected with how to test it.
    """

    subject: str
    titles: Sequence[str]
    symptoms: Sequence[str]
    steps: Sequence[str]
    exchanges: Sequence[tuple[str, str]]
    fixes: Sequence[tuple[str, str]]
    workaround: tuple[str, str]
    limits: Sequence[str]
    refusals: Sequence[str]
    slots: Mapping[str, Sequence[str]] = field(default_factory=dict)
    severities: Sequence[Severity] = (M, N)
    touches_data: bool = False


def typeset(text: str) -> str:
    """Put the apostrophes and no-break spaces of French typography, leaving Markdown's code as it is typed."""
    parts = _CODE.split(text)
    for index in range(0, len(parts), 2):
        for pattern, space in _TYPOGRAPHY:
            parts[index] = pattern.sub(space, parts[index])
    return "".join(parts)


class Writer:
    """Fills sentences for one ticket: a slot, once filled, keeps its value to the end."""

    def __init__(self, rng: Random, slots: Mapping[str, Sequence[str]]) -> None:
        self.rng = rng
        self.values = {name: rng.choice(list(choices)) for name, choices in slots.items()}
        self._said: set[str] = set()

    def write(self, template: str) -> str:
        """Fill a template; a slot written with a capital begins a sentence."""
        return typeset(_SLOT.sub(self._fill, template))

    def one_of(self, templates: Sequence[str]) -> str:
        """Fill one of several templates, avoiding what was already said in this ticket."""
        fresh = [each for each in templates if each not in self._said] or list(templates)
        chosen = self.rng.choice(fresh)
        self._said.add(chosen)
        return self.write(chosen)

    def _fill(self, found: re.Match[str]) -> str:
        before, name = found.groups()
        value = self.values[name[0].lower() + name[1:]]
        value = value[0].upper() + value[1:] if name[0].isupper() else value
        return _joined(before, value) if before else value


def _joined(before: str, value: str) -> str:
    for (word, article), contracted in _CONTRACTED.items():
        if before.lower() == word and value.startswith(article):
            joined = contracted + value.removeprefix(article)
            return joined[0].upper() + joined[1:] if before[0].isupper() else joined
    if before.lower() == "de" and value[0] in _VOWELS:
        return f"{before[0]}'{value}"
    return f"{before} {value}"
