"""Label selectors (metav1.LabelSelector): parsed once, then matched against the labels of pods.

Error texts are those of LabelSelectorAsSelector at an API version. Go goes through matchLabels in random order; here
the first key in byte order is the one that an error is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from gotemplate.golib.quote import quote
from webhook.kube.gojson import dumps
from webhook.kube.label_syntax import check_label_key, check_label_value

Operator = Literal["=", "in", "notin", "exists", "!"]

_OPERATORS: Final[dict[str, Operator]] = {"In": "in", "NotIn": "notin", "Exists": "exists", "DoesNotExist": "!"}
_VALUES_NEEDED: Final = "for 'in', 'notin' operators, values set can't be empty"
_VALUES_UNWANTED: Final = "values set must be empty for exists and does not exist"
_FIELD_ERRORS_SINCE: Final = 21
_KEY_IN_VALUE_ERRORS_SINCE: Final = 16
_LABEL_SELECTOR_WORD_SINCE: Final = 26
_JSON_VALUES_SINCE: Final = 34


class SelectorError(ValueError):
    """A label selector is not valid; ``str(e)`` is Go's message."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition on a label."""

    key: str
    operator: Operator
    values: frozenset[str]

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Tell whether labels meet the condition; a label that is not there is ``notin`` any set."""
        match self.operator:
            case "=" | "in":
                return self.key in labels and labels[self.key] in self.values
            case "notin":
                return self.key not in labels or labels[self.key] not in self.values
            case "exists":
                return self.key in labels
        return self.key not in labels

    def __str__(self) -> str:
        if self.operator in ("!", "exists"):
            return self.key if self.operator == "exists" else f"!{self.key}"
        if self.operator == "=":
            return f"{self.key}={next(iter(self.values))}"
        return f"{self.key} {self.operator} ({','.join(sorted(self.values))})"


@dataclass(frozen=True, slots=True)
class Selector:
    """A parsed label selector: all requirements must be met; without any it matches everything."""

    requirements: tuple[Requirement, ...]

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Tell whether labels meet every requirement."""
        return all(requirement.matches(labels) for requirement in self.requirements)

    @property
    def is_empty(self) -> bool:
        """Tell whether the selector has no requirement."""
        return not self.requirements

    def __str__(self) -> str:
        return ",".join(map(str, self.requirements))


def parse_selector(selector: Mapping[str, Any], version: str = "1.36") -> Selector:
    """Parse a canonical metav1.LabelSelector; SelectorError with the text of an API version when it is not valid."""
    minor = int(version.partition(".")[2])
    labels = selector.get("matchLabels") or {}
    requirements = [_requirement(key, "=", [labels[key]], minor) for key in sorted(labels)]
    for expression in selector.get("matchExpressions") or ():
        word = expression.get("operator", "")
        operator = _OPERATORS.get(word)
        if operator is None:
            noun = "label" if minor >= _LABEL_SELECTOR_WORD_SINCE else "pod"
            raise SelectorError(f"{quote(word)} is not a valid {noun} selector operator")
        requirements.append(_requirement(expression.get("key", ""), operator, expression.get("values") or [], minor))
    return Selector(tuple(sorted(requirements, key=lambda requirement: requirement.key)))


def matches(selector: Mapping[str, Any], labels: Mapping[str, str], version: str = "1.36") -> bool:
    """Tell whether a canonical metav1.LabelSelector matches labels; SelectorError when it is not valid."""
    return parse_selector(selector, version).matches(labels)


def is_empty(selector: Mapping[str, Any]) -> bool:
    """Tell whether a canonical metav1.LabelSelector has no condition, and so matches everything."""
    return not selector.get("matchLabels") and not selector.get("matchExpressions")


def _requirement(key: str, operator: Operator, values: list[str], minor: int) -> Requirement:
    errors = list(_field_errors(key, operator, values, minor))
    if errors and minor < _FIELD_ERRORS_SINCE:
        raise SelectorError(errors[0])
    if errors:
        errors = list(dict.fromkeys(errors))
        raise SelectorError(errors[0] if len(errors) == 1 else f"[{', '.join(errors)}]")
    return Requirement(key, operator, frozenset(values))


def _field_errors(key: str, operator: Operator, values: list[str], minor: int) -> list[str]:
    """Return all that is wrong with a requirement; older releases report the first."""
    style = _Words(minor)
    errors = []
    if problems := check_label_key(key, minor):
        errors.append(style.key(key, problems))
    if operator in ("in", "notin") and not values:
        errors.append(style.values(values, _VALUES_NEEDED))
    if operator in ("exists", "!") and values:
        errors.append(style.values(values, _VALUES_UNWANTED))
    for index, value in enumerate(values):
        if problems := check_label_value(value, minor):
            errors.append(style.value(key, index, value, problems))
    return errors


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of an API version: plain errors before 1.21, field errors since."""

    minor: int

    def key(self, key: str, problems: list[str]) -> str:
        if self.minor >= _FIELD_ERRORS_SINCE:
            return f"key: Invalid value: {quote(key)}: {'; '.join(problems)}"
        return f"invalid label key {quote(key)}: {'; '.join(problems)}"

    def values(self, values: list[str], problem: str) -> str:
        if self.minor < _FIELD_ERRORS_SINCE:
            return problem
        if self.minor >= _JSON_VALUES_SINCE:
            shown = dumps(values) if values else "null"
        else:
            shown = f"[]string{{{', '.join(map(quote, values))}}}" if values else "[]string(nil)"
        return f"values: Invalid value: {shown}: {problem}"

    def value(self, key: str, index: int, value: str, problems: list[str]) -> str:
        if self.minor >= _FIELD_ERRORS_SINCE:
            return f"values[{index}][{key}]: Invalid value: {quote(value)}: {'; '.join(problems)}"
        place = f"at key: {quote(key)}: " if self.minor >= _KEY_IN_VALUE_ERRORS_SINCE else ""
        return f"invalid label value: {quote(value)}: {place}{'; '.join(problems)}"
