"""``remora kube-uninject``: istioctl's command that takes sidecars out of manifests again."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from webhook.cli.exits import BAD_INPUT, OK, USAGE, CliError
from webhook.cli.streams import open_input, open_output
from webhook.config.release import Release, release_of
from webhook.kubeinject.stream import DocumentError
from webhook.kubeinject.uninject import uninject_documents

DEFAULT_RELEASE = "1.18"
"""The last release whose istioctl had the command."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """End with istioctl's form of a usage error."""
        message = message.replace("unrecognized arguments:", "unknown flag:")
        raise CliError(f"{message}\nRun 'remora kube-uninject --help' for usage.", USAGE)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="remora kube-uninject",
        description="Take the sidecar out of Kubernetes manifests and mark them so that none is injected.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("-f", "--filename", default="", metavar="FILE", help="file to read; - is standard input")
    add(
        "-o",
        "--output",
        default="",
        metavar="FILE",
        help="file to write, whole or not at all; default: standard output",
    )
    add(
        "--release",
        default=DEFAULT_RELEASE,
        metavar="VERSION",
        help=f"Istio release to behave as; default: {DEFAULT_RELEASE}",
    )
    return parser


def run(arguments: Sequence[str]) -> int:
    """Run the command; the result goes to the output, everything else to standard error."""
    found = _parser().parse_args(list(arguments))
    if not found.filename:
        raise CliError("filename not specified (see --filename or -f)", USAGE)
    release = _release(found.release)
    with open_input(found.filename) as source, open_output(found.output) as target:
        try:
            for text in uninject_documents(source, release):
                target.write(text)
        except DocumentError as error:
            name = "standard input" if found.filename == "-" else found.filename
            raise CliError(f"{name}: {error}", BAD_INPUT) from error
    return OK


def _release(text: str) -> Release:
    try:
        return release_of(text)
    except ValueError as error:
        raise CliError(str(error), USAGE) from error
