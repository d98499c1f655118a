"""Errors of mesh configuration; ``str(e)`` is the text of the Go original."""

from __future__ import annotations

from collections.abc import Sequence


class MeshError(Exception):
    """A mesh or proxy configuration that the release would not accept."""


def multierror_text(items: Sequence[str], *, indented: bool) -> str:
    """Return how hashicorp/go-multierror prints a list of errors; ``indented`` from Istio 1.2 on."""
    head = "1 error occurred:" if len(items) == 1 else f"{len(items)} errors occurred:"
    if indented:
        return head + "\n\t" + "\n\t".join(f"* {item}" for item in items) + "\n\n"
    return head + "\n\n" + "\n".join(f"* {item}" for item in items)
