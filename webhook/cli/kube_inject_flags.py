"""The flags of ``remora kube-inject``, all of istioctl's, read by argparse: for every command line that is not quite plain."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from webhook.cli.exits import USAGE, CliError
from webhook.defaults import HUB, TAG, Parameters, image_names
from webhook.kubeinject.options import Options

EXAMPLES: Final = """\
examples:
  # With local copies of the ConfigMaps, without a cluster
  remora kube-inject -f app.yaml -o app-injected.yaml --injectConfigFile inject-config.yaml --meshConfigFile mesh-config.yaml

  # With the ConfigMaps of the cluster
  kubectl apply -f <(remora kube-inject -f app.yaml --injectConfigMapName istio-sidecar-injector)

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
        description="Inject the sidecar into Kubernetes manifests; what is not a workload passes unchanged.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    file: dict[str, Any] = {"default": "", "metavar": "FILE"}
    name: dict[str, Any] = {"default": "", "metavar": "NAME"}
    add("-f", "--filename", **file, help="file to inject; - is standard input")
    add("-o", "--output", **file, help="file to write, whole or not at all; default: standard output")
    add("--injectConfigFile", **file, help="injector configuration: a ConfigMap, its config document, or a template")
    add(
        "--injectConfigMapName",
        **name,
        help="ConfigMap of the injector, for example istio-sidecar-injector; "
        "with neither this nor a file the built-in template is used",
    )
    add("--meshConfigFile", **file, help="mesh configuration: the ConfigMap istio, or its mesh document")
    add("--meshConfigMapName", default="istio", metavar="NAME", help="ConfigMap of the mesh; default: istio")
    add("--valuesFile", **file, help="values document of the injector ConfigMap (Istio 1.2 and later)")
    add(
        "--operatorFileName",
        **file,
        help="IstioOperator file whose meshConfig and values win over the files above (Istio 1.13 and later)",
    )
    add(
        "-r",
        "--revision",
        **name,
        help="revision of the control plane: read the ConfigMaps istio-NAME and istio-sidecar-injector-NAME, and let "
        "templates see it (Istio 1.6 and later)",
    )
    add(
        "--release",
        default="",
        metavar="VERSION",
        help="Istio release to behave as, for example 1.20.8; default: detected from the configuration",
    )
    _add_builtin(parser)
    _add_accepted(parser)
    add("-i", "--istioNamespace", default="istio-system", metavar="NAME", help="namespace of the ConfigMaps")
    add("-n", "--namespace", **name, help="accepted for compatibility: documents name their own")
    add("-c", "--kubeconfig", **file, help="kubeconfig file")
    add("--context", **name, help="context of the kubeconfig")
    return parser


def _add_builtin(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("built-in template").add_argument
    switch: dict[str, Any] = {"type": _boolean, "nargs": "?", "const": True, "metavar": "true|false"}
    add("--hub", default=HUB, metavar="NAME", help=f"registry and folder of the images (default {HUB})")
    add("--tag", default=TAG, metavar="TAG", help=f"tag of the images (default {TAG})")
    add("--debug", **switch, default=False, help="debug images and settings")
    add("--coreDump", **switch, default=True, help="enable core dumps in the proxy (default true)")
    add("--verbosity", type=int, default=2, metavar="N", help="verbosity of the proxy (default 2)")
    add("--sidecarProxyUID", type=int, default=1337, metavar="N", help="user of the proxy (default 1337)")
    add("--setVersionString", default="", metavar="TEXT", help="version put into the template's data")
    add("--imagePullPolicy", default="IfNotPresent", metavar="NAME", help="of the images (default IfNotPresent)")
    add("--includeIPRanges", default="*", metavar="LIST", help="CIDR blocks redirected to the proxy (default *)")
    add("--excludeIPRanges", default="", metavar="LIST", help="CIDR blocks that are not")
    add("--includeInboundPorts", default="*", metavar="LIST", help="ports redirected to the proxy (default *)")
    add("--excludeInboundPorts", default="", metavar="LIST", help="ports that are not")
    add("--emitTemplate", **switch, default=False, help="print the injector configuration instead of injecting")


_ACCEPTED: Final = (
    ("-p", "--platform"), ("--readinessFailureThreshold",), ("--readinessInitialDelaySeconds",),
    ("--readinessPeriodSeconds",), ("--statusPort",), ("--log_as_json",), ("--log_caller",),
    ("--log_output_level",), ("--log_stacktrace_level",), ("--log_target",), ("--vklog",),
    ("--authority",), ("--cert-dir",), ("--kubeclient-timeout",), ("--timeout",), ("--webhookConfig",),
    ("--xds-address",), ("--xds-label",), ("--xds-port",),
)  # fmt: skip
"""Flags of istioctl that mean nothing here: the built-in template has no status port, nothing is logged, no istiod is asked."""
_ACCEPTED_SWITCHES: Final = ("--insecure", "--plaintext", "--rewriteAppProbe")


def _add_accepted(parser: argparse.ArgumentParser) -> None:
    for names in _ACCEPTED:
        parser.add_argument(*names, default="", help=argparse.SUPPRESS)
    for name in _ACCEPTED_SWITCHES:
        parser.add_argument(name, type=_boolean, nargs="?", const=True, help=argparse.SUPPRESS)


def parse_flags(arguments: Sequence[str]) -> Options:
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
