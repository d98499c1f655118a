"""Paths: Go's package path, and filepath as it is on Linux, which is the same."""

from __future__ import annotations

from gotemplate.golib.path import base, clean, dir, ext, is_abs

__all__ = ["base", "clean", "dir", "ext", "is_abs"]
