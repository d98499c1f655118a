"""``remora kube-inject``: istioctl's command, flag by flag, over the functions of ``webhook.kubeinject``."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Final

from gotemplate import TemplateError
from webhook.cli.configuration import Sources, builtin_sources, read_file, snapshot_from
from webhook.cli.exits import BAD_INPUT, CLUSTER, OK, USAGE, CliError
from webhook.cli.streams import open_input, open_output
from webhook.defaults import Parameters, inject_config
from webhook.inject.settings import Settings
from webhook.kube import yaml
from webhook.kubeinject.options import Options, check_options
from webhook.kubeinject.transform import DocumentError, inject_documents

if TYPE_CHECKING:
    from webhook.config.model import Snapshot

_PLAIN: Final = {
    "-c": "kubeconfig", "-f": "filename", "-i": "istio_namespace", "-o": "output", "-r": "revision", "--context": "context",
    "--filename": "filename", "--injectConfigFile": "inject_config_file", "--injectConfigMapName": "inject_config_map_name",
    "--istioNamespace": "istio_namespace", "--kubeconfig": "kubeconfig", "--meshConfigFile": "mesh_config_file",
    "--meshConfigMapName": "mesh_config_map_name", "--operatorFileName": "operator_file", "--output": "output",
    "--release": "release", "--revision": "revision", "--valuesFile": "values_file",
}  # fmt: skip
"""Flags with a text as value, which is all that most command lines have: argparse takes longer to import than to read them."""


def parse_options(arguments: Sequence[str]) -> Options:
    """Read the command line.

    Raises:
        CliError: with exit code 2, for unknown flags and values that are none.
    """
    found: dict[str, str] = {}
    words = iter(arguments)
    for word in words:
        flag, equals, value = word.partition("=")
        if not equals:
            value = next(words, "-?")
        if flag not in _PLAIN or (equals and not flag.startswith("--")) or (value.startswith("-") and value != "-"):
            from webhook.cli.kube_inject_flags import parse_flags

            return parse_flags(arguments)
        found[_PLAIN[flag]] = value
    return Options(**found)  # type: ignore[arg-type]  # the parameters of the built-in template are not among them


def run(arguments: Sequence[str]) -> int:
    """Run the command; the result goes to the output, everything else to standard error."""
    options = parse_options(arguments)
    problems = check_options(options)
    if problems:
        raise CliError("\n".join(problems), USAGE)
    if options.parameters != Parameters():
        _check_parameters(options.parameters)
    if options.emit_template:
        sys.stdout.write(_emitted(options) + "\n")
        return OK
    with open_input(options.filename) as source:
        snapshot = snapshot_from(_sources(options), options.release)
        with open_output(options.output) as target:
            name = "standard input" if options.filename == "-" else options.filename
            _inject(source, snapshot, target, name, _settings(options))
    return OK


def _check_parameters(parameters: Parameters) -> None:
    from webhook.inject.annotations import validate_parameters
    from webhook.inject.errors import ParameterError

    try:
        validate_parameters(parameters.as_data())
    except ParameterError as error:
        raise CliError(str(error), USAGE) from error


def _emitted(options: Options) -> str:
    """Return the configuration that would be injected with: policy and template."""
    if not options.inject_config_file:
        return inject_config(options.parameters)
    snapshot = snapshot_from(_sources(options), options.release)
    document = {"policy": "enabled", "template": snapshot.template_text}
    return yaml.dump(document, snapshot.release.yaml_dialect)


def _settings(options: Options) -> Settings:
    """Return the surroundings of the injector: like istioctl, the command reads feature flags from its own environment."""
    return Settings(environment=os.environ, revision=options.revision)


def _inject(source: IO[str], snapshot: Snapshot, target: IO[str], name: str, settings: Settings) -> None:
    skipped: list[str] = []
    warn = skipped.append if snapshot.release.kube_inject_decides else _warn
    try:
        texts = inject_documents(source, snapshot, warn, settings)
        if sys.stderr.isatty() and not target.isatty():
            from webhook.cli.progress import with_progress

            texts = with_progress(texts, sys.stderr, "documents")
        for text in texts:
            target.write(text)
    except DocumentError as error:
        raise CliError(f"{name}: {error}{_notes(error.cause)}", BAD_INPUT) from error
    if skipped:  # since 1.8 together, with empty lines around each
        sys.stderr.write("\n" + "".join(f"{message}\n\n" for message in skipped))


def _warn(message: str) -> None:
    sys.stderr.write(f"{message}\n")


def _notes(cause: BaseException | None) -> str:
    """Return what the template engine adds to Go's words: the source line with a caret, and what was there instead."""
    while cause is not None and not isinstance(cause, TemplateError):
        cause = cause.__cause__
    notes = cause.explain().removeprefix(str(cause)) if cause is not None else ""
    return notes.rstrip()


def _sources(options: Options) -> Sources:
    if options.operator_file:
        return _with_operator_file(options)
    return _sources_with(options, _mesh_text(options))


def _with_operator_file(options: Options) -> Sources:
    """Return the sources with an IstioOperator file: a mesh file or ConfigMap is only read when it has no meshConfig."""
    from webhook.cli.operator_file import read_operator_file, texts_of_operator, with_operator

    document = read_operator_file(options.operator_file)
    sources = _sources_with(options, "")
    texts = texts_of_operator(document, sources.inject, options.release or sources.release)
    if not texts.mesh:
        sources = sources._replace(mesh=_mesh_text(options))
    return with_operator(sources, texts)


def _sources_with(options: Options, mesh: str) -> Sources:
    if options.inject_config_file:
        return Sources(
            inject=read_file(options.inject_config_file),
            inject_name=options.inject_config_file,
            mesh=mesh,
            values=read_file(options.values_file) if options.values_file else "",
        )
    if options.inject_config_map_name:
        return _from_cluster(options, mesh)
    return builtin_sources(options.parameters, mesh)


def _mesh_text(options: Options) -> str:
    if options.mesh_config_file:
        return read_file(options.mesh_config_file)
    return _config_map(options, _of_revision(options.mesh_config_map_name, options.revision), "mesh")["mesh"]


def _of_revision(name: str, revision: str) -> str:
    """Return the name that a ConfigMap of Istio has in an installation with a revision; another name stays."""
    is_plain = name not in ("istio", "istio-sidecar-injector") or revision in ("", "default")
    return name if is_plain else f"{name}-{revision}"


def _from_cluster(options: Options, mesh: str) -> Sources:
    name = _of_revision(options.inject_config_map_name, options.revision)
    data = _config_map(options, name, "config")
    values = read_file(options.values_file) if options.values_file else data.get("values", "")
    return Sources(
        inject=data["config"], inject_name=f"ConfigMap {options.istio_namespace}/{name}", mesh=mesh, values=values
    )


def _config_map(options: Options, name: str, key: str) -> dict[str, str]:
    from webhook.cluster import Cluster, ClusterError

    try:
        data = Cluster(options.kubeconfig, options.context).config_map(options.istio_namespace, name)
    except ClusterError as error:
        remedy = "--meshConfigFile" if key == "mesh" else "--injectConfigFile"
        raise CliError(f"{error}\nName a local copy with {remedy} to work without the cluster.", CLUSTER) from error
    if key not in data:
        raise CliError(f"missing configuration map key {key!r} in {options.istio_namespace}/{name}", CLUSTER)
    return data
