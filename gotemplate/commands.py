"""The commands ``render``, ``fmt`` and ``lint``: flags to function calls, and results to streams and exit codes.

``python -m gotemplate`` and the ``remora`` command run these same functions. What they do is in ``rendering``,
``formatting`` and ``linting``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from gotemplate.errors import TemplateError
from gotemplate.golib import utf8
from gotemplate.rendering import (
    FUNCTION_SETS,
    NUMBERS,
    InputError,
    Options,
    ReadYaml,
    Source,
    choose,
    explained,
    load_set,
    load_sources,
    read_data,
    read_file,
    set_values,
    write_file,
)
from gotemplate.template import Template

OK: Final = 0
FOUND: Final = 1
USAGE: Final = 2
BAD_INPUT: Final = 3
INTERNAL: Final = 5

Streams = tuple[BinaryIO, BinaryIO, BinaryIO]
"""Standard input, output and error."""


class UsageError(Exception):
    """Flags that do not go together."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the commands are run with: the streams, a reader of YAML if there is one, the name of the program."""

    streams: Streams
    read_yaml: ReadYaml | None = None
    prog: str = "gotemplate"

    def read_stdin(self) -> bytes:
        """Return all of standard input."""
        return self.streams[0].read()

    def write(self, text: str) -> None:
        """Write a result to standard output."""
        self.streams[1].write(utf8.to_bytes(text))
        self.streams[1].flush()

    def complain(self, text: str) -> None:
        """Write a line to standard error."""
        self.streams[2].write(utf8.to_bytes(text.rstrip("\n") + "\n"))
        self.streams[2].flush()


def run(words: Sequence[str], around: Surroundings) -> int:
    """Run one command and return its exit code: 0 well, 1 the answer is no, 2 usage, 3 bad input, 5 a defect of ours."""
    parser = build_parser(around.prog)
    try:
        options = parser.parse_args(list(words))
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else USAGE
    try:
        code: int = options.command(options, around)
    except UsageError as error:
        around.complain(f"Error: {error}")
        return USAGE
    except InputError as error:
        around.complain(f"Error: {error}")
        return BAD_INPUT
    except TemplateError as error:
        around.complain(f"Error: {explained(error)}")
        return BAD_INPUT
    return code


def main(words: Sequence[str], around: Surroundings) -> int:
    """Run one command as a process does: whatever else goes wrong is named as a defect, without a traceback."""
    try:
        return run(words, around)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - the interpreter flushes it once more at exit
        return BAD_INPUT
    except Exception as error:  # the edge of the process
        if os.environ.get("REMORA_DEBUG"):
            raise
        around.complain(
            f"Error: internal error: {type(error).__name__}: {error}\n"
            "This is a defect of ours. Run again with REMORA_DEBUG=1 and report what it prints."
        )
        return INTERNAL


# Flags


def build_parser(prog: str) -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(prog=prog, description="Go text/template for Python, on the command line.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _render_flags(_command(commands, prog, "render", "Render a template with data.", _render))
    _fmt_flags(_command(commands, prog, "fmt", "Normalise the insides of template actions.", _fmt))
    _lint_flags(_command(commands, prog, "lint", "Look for mistakes in templates.", _lint))
    return parser


def _command(
    commands: Any, prog: str, name: str, summary: str, function: Callable[[argparse.Namespace, Surroundings], int]
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=summary, description=summary, epilog=_EXAMPLES[name].format(prog), allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.set_defaults(command=function)
    return parser


_EXAMPLES: Final = {
    "render": """\
examples:
  {0} render -t deploy.tmpl --data values.yaml --set image.tag=1.2
  {0} render -t templates/ --template main.tmpl --funcs sprig --strict -o out.yaml
  echo 'Hello, {{{{.name}}}}' | {0} render -t - --set name=world

exit codes: 0 rendered, 2 wrong usage, 3 a template or data that is wrong
""",
    "fmt": """\
Text, trim markers and comments stay byte for byte; what comes out parses to the same tree.
Without --write or --check the result goes to standard output.

examples:
  {0} fmt --check templates/
  {0} fmt --write deploy.tmpl

exit codes: 0 well, 1 --check found files to format, 2 wrong usage, 3 a file that is no template
""",
    "lint": """\
examples:
  {0} lint -t templates/ --funcs sprig
  {0} lint -t deploy.tmpl --data values.yaml --format json

exit codes: 0 nothing found, 1 findings, 2 wrong usage, 3 a template or data that is wrong
""",
}


def _template_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-t", "--templates", required=True, metavar="FILE|DIR|-", help="a template, a folder of them, or stdin"
    )
    parser.add_argument("--delims", metavar="L,R", default="", help="delimiters, such as [[,]] (default: {{,}})")
    parser.add_argument(
        "--funcs", metavar="SET,…", default="", help=f"function sets to add: {', '.join(FUNCTION_SETS)}"
    )
    parser.add_argument("--template", metavar="NAME", help="the template of the set to start from")


def _data_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="FILE|-", help="data, JSON or YAML")
    parser.add_argument("--set", action="append", default=[], metavar="K=V", help="set a value: a.b[0]=c (repeatable)")
    parser.add_argument(
        "--numbers",
        choices=NUMBERS,
        default="int",
        help="what whole numbers in the data become: int prints 1000000, float64 prints 1e+06 as Go programs that "
        "read JSON do (default: int)",
    )


def _render_flags(parser: argparse.ArgumentParser) -> None:
    _template_flags(parser)
    _data_flags(parser)
    parser.add_argument("--missingkey", choices=("default", "zero", "error"), default="default", help="as Go's option")
    parser.add_argument(
        "--strict",
        action="store_true",
        help="missing keys are errors, except in conditions and for default and the like",
    )
    parser.add_argument(
        "--allow", metavar="NAME,…", default="", help="let env, expandenv or getHostByName of Sprig reach the host"
    )
    parser.add_argument("--trace", action="store_true", help="say on stderr which template line wrote each output line")
    parser.add_argument("-o", "--output", metavar="FILE", help="write here, whole or not at all (default: stdout)")


def _fmt_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE|DIR|-", help="templates, folders of them, or stdin")
    parser.add_argument("--delims", metavar="L,R", default="", help="delimiters, such as [[,]] (default: {{,}})")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="name the files that are not formatted, and change none")
    how.add_argument("--write", action="store_true", help="write the files in place")


def _lint_flags(parser: argparse.ArgumentParser) -> None:
    _template_flags(parser)
    _data_flags(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--ignore", action="append", default=[], metavar="RULE", help="leave a rule out (repeatable)")


def _delims(text: str) -> tuple[str, str]:
    if not text:
        return "", ""
    left, comma, right = text.partition(",")
    if not comma or not left or not right:
        raise UsageError(f"--delims {text}: expected two delimiters with a comma between them, such as [[,]]")
    return left, right


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)


# render


def _render(options: argparse.Namespace, around: Surroundings) -> int:
    sources, data = _inputs(options, around)
    settings = Options(
        delims=_delims(options.delims),
        missingkey=options.missingkey,
        strict=options.strict,
        function_sets=_names(options.funcs),
        allow=_names(options.allow),
    )
    template = choose(load_set(sources, settings), sources, options.template)
    text = template.render(data) if options.strict or not options.trace else ""
    if options.trace:
        text = _traced(template, data, around)
    if options.output:
        write_file(options.output, text)
    else:
        around.write(text)
    return OK


def _traced(template: Template, data: Any, around: Surroundings) -> str:
    """Render, and say on standard error where each line of output comes from."""
    from gotemplate.linemap import trace

    lines = trace(template, data)
    for number in range(1, len(lines.output.splitlines()) + 1):
        around.complain(f"{number:>5} < {lines.origin(number) or '-'}")
    return lines.output


def _inputs(options: argparse.Namespace, around: Surroundings) -> tuple[list[Source], Any]:
    if options.templates == "-" and options.data == "-":
        raise UsageError("standard input can be the template or the data, not both")
    sources = load_sources(options.templates, around.read_stdin)
    data: Any = None
    if options.data is not None:
        content = around.read_stdin() if options.data == "-" else read_file(options.data)
        name = "stdin" if options.data == "-" else options.data
        data = read_data(content, name, numbers=options.numbers, read_yaml=around.read_yaml)
    return sources, set_values(data, options.set, numbers=options.numbers)


# fmt


def _fmt(options: argparse.Namespace, around: Surroundings) -> int:
    from gotemplate.formatting import format_text

    left, right = _delims(options.delims)
    unformatted = 0
    for path in _files(options.files):
        text = utf8.from_bytes(around.read_stdin() if path == "-" else read_file(path))
        formatted = format_text("stdin" if path == "-" else path, text, left, right)
        if options.check:
            if formatted != text:
                unformatted += 1
                around.write(f"{path}\n")
        elif not options.write or path == "-":
            around.write(formatted)
        elif formatted != text:
            write_file(path, formatted)
            around.complain(f"formatted {path}")
    return FOUND if unformatted else OK


def _files(paths: Sequence[str]) -> list[str]:
    found = list[str]()
    for path in paths:
        folder = Path(path)
        if path == "-" or not folder.is_dir():
            found.append(path)
            continue
        names = sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
        found += [str(folder / p) for p in names if not any(part.startswith(".") for part in p.parts)]
    return found


# lint


def _lint(options: argparse.Namespace, around: Surroundings) -> int:
    from gotemplate.linting import RULES, lint

    unknown = [rule for rule in options.ignore if rule not in RULES]
    if unknown:
        raise UsageError(f"no rule {unknown[0]}; there are {', '.join(RULES)}")
    sources, data = _inputs(options, around)
    has_data = options.data is not None or bool(options.set)
    settings = Options(delims=_delims(options.delims), function_sets=_names(options.funcs))
    findings = lint(sources, settings, data if has_data else None, start=options.template)
    shown = [finding for finding in findings if finding.rule not in options.ignore]
    if options.format == "json":
        around.write(json.dumps({"findings": [asdict(finding) for finding in shown]}, indent=2) + "\n")
    else:
        around.write("".join(f"{finding}\n" for finding in shown))
        around.complain(f"{_count(len(sources), 'template')}, {_count(len(shown), 'finding')}")
    return FOUND if shown else OK


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
