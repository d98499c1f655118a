"""What kube-inject can be told, and the checks istioctl made before it did anything."""

from __future__ import annotations

from typing import NamedTuple

from webhook.defaults import Parameters


class Options(NamedTuple):
    """The flags of istioctl kube-inject; a file name is empty when the flag was not given, ``-`` is standard input."""

    filename: str = ""
    output: str = ""
    mesh_config_file: str = ""
    mesh_config_map_name: str = "istio"
    inject_config_file: str = ""
    inject_config_map_name: str = ""
    values_file: str = ""
    operator_file: str = ""
    emit_template: bool = False
    istio_namespace: str = "istio-system"
    kubeconfig: str = ""
    context: str = ""
    release: str = ""
    revision: str = ""
    parameters: Parameters = Parameters()


def check_options(options: Options) -> list[str]:
    """Return what is wrong with a combination of flags, in istioctl's words and order; empty when nothing is."""
    problems = []
    if options.filename and options.emit_template:
        problems.append("--filename and --emitTemplate are mutually exclusive")
    if not options.filename and not options.emit_template:
        problems.append("filename not specified (see --filename or -f)")
    if not options.mesh_config_file and not options.mesh_config_map_name and not options.operator_file:
        problems.append("--meshConfigFile or --meshConfigMapName must be set")
    return problems
