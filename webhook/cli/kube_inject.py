"""``remora kube-inject``: istioctl's command, flag by flag, over the functions of ``webhook.kubeinject``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any, Final, NoReturn

from gotemplate import TemplateError
from webhook.cli.configuration import Sources, builtin_sources, read_file, snapshot_from
from webhook.cli.exits import BAD_INPUT, CLUSTER, OK, USAGE, CliError
from webhook.cli.streams import open_input, open_output
from webhook.defaults import HUB, TAG, Parameters, image_names, inject_config
from webhook.inject.settings import Settings
from webhook.kube import yaml
from webhook.kubeinject.options import Options, check_options
from webhook.kubeinject.transform import DocumentError, inject_documents

if TYPE_CHECKING:
    from webhook.config.model import Snapshot

EXAMPLES: Final = """\
examples:
  # With local copies of the ConfigMaps, without a cluster
  remora kube-inject -f app.yaml -o app-injected.yaml --injectConfigFile inject-config.yaml --meshConfigFile mesh-config.yaml

  # With the ConfigMaps of the cluster
  kubectl apply -f <(remora kube-inject -f app.yaml)

  # With the built-in template and images of your own
  remora kube-inject -f app.yaml --hub registry.example.com/mesh --tag 0.8.0 --meshConfigFile mesh-config.yaml
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """End with istioctl's form of a usage error."""
        message = message.replace("unrecognized arguments:", "unknown flag:")
        raise CliError(f"{message}\nRun 'remora kube-inject --help' for usage.", USAGE)


def _boolean(text: str) -> bool:
    if text in ("1", "t", "T", "TRUE", "true", "True"):
        return True
    if text in ("0", "f", "F", "FALSE", "false", "False"):
        return False
    raise argparse.ArgumentTypeError(f"strconv.ParseBool: parsing {text!r}: invalid syntax")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="remora kube-inject",
        description="Inject the sidecar into Kubernetes manifests; what is not a workload passes unchanged. -o names a file.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("-f", "--filename", default="", help="file to inject; - is standard input")
    add("-o", "--output", default="", help="file to write, whole or not at all; default: standard output")
    add(
        "--injectConfigFile", default="", help="injector configuration: a ConfigMap, its config document, or a template"
    )
    add(
        "--injectConfigMapName",
        default="",
        help="ConfigMap of the injector, for example istio-sidecar-injector; "
        "with neither this nor a file the built-in template is used",
    )
    add("--meshConfigFile", default="", help="mesh configuration: the ConfigMap istio, or its mesh document")
    add("--meshConfigMapName", default="istio", help="ConfigMap of the mesh")
    add("--valuesFile", default="", help="values document of the injector ConfigMap (Istio 1.2 and later)")
    add(
        "--operatorFileName",
        default="",
        help="IstioOperator file whose meshConfig and values win over the files above (Istio 1.13 and later)",
    )
    add(
        "-r",
        "--revision",
        default="",
        help="revision of the control plane, for the label istio.io/rev (Istio 1.6 to 1.8)",
    )
    add("--release", default="", help="Istio release to behave as; default: detected from the configuration")
    _add_builtin(parser)
    _add_accepted(parser)
    add("-i", "--istioNamespace", default="istio-system", help="namespace of the ConfigMaps")
    add("-n", "--namespace", default="", help="accepted for compatibility: documents name their own")
    add("-c", "--kubeconfig", default="", help="kubeconfig file")
    add("--context", default="", help="context of the kubeconfig")
    return parser


def _add_builtin(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("built-in template").add_argument
    switch: dict[str, Any] = {"type": _boolean, "nargs": "?", "const": True, "metavar": "true|false"}
    add("--hub", default=HUB, help="registry and folder of the images")
    add("--tag", default=TAG, help="tag of the images")
    add("--debug", **switch, default=False, help="debug images and settings")
    add("--coreDump", **switch, default=True, help="enable core dumps in the proxy (default true)")
    add("--verbosity", type=int, default=2, help="verbosity of the proxy (default 2)")
    add("--sidecarProxyUID", type=int, default=1337, help="user of the proxy (default 1337)")
    add("--setVersionString", default="", help="version put into the template's data")
    add("--imagePullPolicy", default="IfNotPresent", help="default IfNotPresent")
    add("--includeIPRanges", default="*", help="CIDR blocks that are redirected to the proxy (default *)")
    add("--excludeIPRanges", default="", help="CIDR blocks that are not")
    add("--includeInboundPorts", default="*", help="ports that are redirected to the proxy (default *)")
    add("--excludeInboundPorts", default="", help="ports that are not")
    add("--emitTemplate", **switch, default=False, help="print the injector configuration instead of injecting")


_ACCEPTED: Final = (
    ("-p", "--platform"), ("--readinessFailureThreshold",), ("--readinessInitialDelaySeconds",),
    ("--readinessPeriodSeconds",), ("--statusPort",), ("--log_as_json",), ("--log_caller",),
    ("--log_output_level",), ("--log_stacktrace_level",), ("--log_target",),
)  # fmt: skip
"""Flags of istioctl that mean nothing here: the built-in template has no status port, and nothing is logged."""


def _add_accepted(parser: argparse.ArgumentParser) -> None:
    for names in _ACCEPTED:
        parser.add_argument(*names, default="", help=argparse.SUPPRESS)
    parser.add_argument("--rewriteAppProbe", type=_boolean, nargs="?", const=True, help=argparse.SUPPRESS)


def parse_options(arguments: Sequence[str]) -> Options:
    """Read the command line.

    Raises:
        CliError: with exit code 2, for unknown flags and values that are none.
    """
    found = _parser().parse_args(list(arguments))
    init_image, proxy_image = image_names(found.hub, found.tag, debug=found.debug)
    return Options(
        filename=found.filename,
        output=found.output,
        mesh_config_file=found.meshConfigFile,
        mesh_config_map_name=found.meshConfigMapName,
        inject_config_file=found.injectConfigFile,
        inject_config_map_name=found.injectConfigMapName,
        values_file=found.valuesFile,
        operator_file=found.operatorFileName,
        emit_template=found.emitTemplate,
        istio_namespace=found.istioNamespace,
        kubeconfig=found.kubeconfig,
        context=found.context,
        release=found.release,
        revision=found.revision,
        parameters=Parameters(
            init_image=init_image,
            proxy_image=proxy_image,
            verbosity=found.verbosity,
            sidecar_proxy_uid=found.sidecarProxyUID,
            version=found.setVersionString,
            enable_core_dump=found.coreDump,
            debug_mode=found.debug,
            image_pull_policy=found.imagePullPolicy,
            include_ip_ranges=found.includeIPRanges,
            exclude_ip_ranges=found.excludeIPRanges,
            include_inbound_ports=found.includeInboundPorts,
            exclude_inbound_ports=found.excludeInboundPorts,
        ),
    )


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
        for text in inject_documents(source, snapshot, warn, settings):
            target.write(text)
    except DocumentError as error:
        raise CliError(f"{name}: {error}{_notes(error.cause)}", BAD_INPUT) from error
    if skipped:  # since 1.8 together, after an empty line
        sys.stderr.write("\n" + "".join(f"{message}\n" for message in skipped))


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
        sources = replace(sources, mesh=_mesh_text(options))
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
    return _config_map(options, options.mesh_config_map_name, "mesh")["mesh"]


def _from_cluster(options: Options, mesh: str) -> Sources:
    name = options.inject_config_map_name
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
