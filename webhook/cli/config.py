"""``remora config``: look at an injector configuration, and make the one that an installation of Istio would have."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from webhook.cli.configuration import load_snapshot
from webhook.cli.exits import BAD_INPUT, OK, CliError
from webhook.cli.options import config_options
from webhook.cli.streams import open_output
from webhook.kube import gojson

if TYPE_CHECKING:
    from webhook.config.chartfiles import Tree
    from webhook.config.installation import Installation, Installer
    from webhook.explain.summary import Summary

_WIDTH: Final = 110


@click.group("config")
def command() -> None:
    """Show an injector configuration, or render the one of an installation from Istio's charts."""


# show


@command.command("show", short_help="Show what a configuration amounts to.")
@config_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def show(form: str, **config: str) -> int:
    """Show what a configuration amounts to: release and why, templates, values, mesh, selectors, warnings.

    \b
    Examples:
      remora config show --injectConfigFile injector-configmap.yaml --meshConfigFile mesh-configmap.yaml
      kubectl get cm istio-sidecar-injector -n istio-system -o yaml > cm.yaml && remora config show --injectConfigFile cm.yaml
    """
    from webhook.explain.summary import summarise

    summary = summarise(load_snapshot(**config))
    click.echo(
        gojson.dumps(summary, sort_keys=False, escape_html=False, indent="  ") if form == "json" else _text(summary)
    )
    return OK


def _text(summary: Summary) -> str:
    lines = [_row("source", summary["source"]), _row("hash", summary["hash"])]
    lines += _release(summary["release"])
    lines.append(_row("policy", summary["policy"]))
    lines += [line for template in summary["templates"] for line in _template(template)]
    lines += [_row("alias", f"{name} = {', '.join(names)}") for name, names in summary["aliases"].items()]
    lines += _values(summary["values"])
    lines += _mesh(summary["mesh"], summary["release"]["version"])
    for key, words in (("neverInjectSelector", "never"), ("alwaysInjectSelector", "always")):
        lines += [_row(f"{words} inject", gojson.dumps(selector, escape_html=False)) for selector in summary[key]]
    lines += [_row("annotation", f"{name}: {value}") for name, value in summary["injectedAnnotations"].items()]
    lines += [_row("warning", warning) for warning in summary["warnings"]]
    return "\n".join(lines)


def _row(name: str, value: object) -> str:
    return f"{name:<14} {value}".rstrip()


def _inner(name: str, value: str) -> str:
    return textwrap.fill(
        value, _WIDTH, initial_indent=f"  {name:<12} ", subsequent_indent=" " * 15, break_on_hyphens=False
    )


def _release(release: Summary) -> list[str]:
    how = "told from the configuration" if release["told"] else "named"
    return [
        _row("release", f"{release['version']} ({how})"),
        *(_inner("because", item) for item in release["decisive"]),
    ]


def _template(template: Summary) -> list[str]:
    mark = ", default" if template["default"] else ""
    size = f"{template['lines']} lines, {template['bytes']} bytes, sha256 {template['sha256'][:12]}{mark}"
    lines = [_row("template", f"{template['name']}: {size}")]
    for key, words in (("fields", "reads"), ("functions", "calls"), ("annotations", "annotations")):
        if template[key]:
            lines.append(_inner(words, " ".join(template[key])))
    if template["error"]:
        lines.append(_inner("error", template["error"]))
    return lines


def _values(values: Summary | None) -> list[str]:
    if values is None:
        return [_row("values", "none")]
    return [
        _row("values", f"{values['settings']} settings"),
        *(f"  {path} = {_shown(value)}" for path, value in values["highlights"].items()),
    ]


def _mesh(rows: list[Summary], version: str) -> list[str]:
    if not rows:
        return [_row("mesh", f"the defaults of {version}")]
    lines = [_row("mesh", f"{len(rows)} settings differ from the defaults of {version}")]
    for row in rows:
        old = _shown(row["default"]) if "default" in row else "unset"
        new = _shown(row["value"]) if "value" in row else "unset"
        lines.append(f"  {row['path']}: {new} (default {old})")
    return lines


def _shown(value: Any) -> str:
    return gojson.dumps(value, escape_html=False)


# render


@command.command("render", short_help="Render the ConfigMaps of an installation from Istio's charts.")
@click.option(
    "--charts",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Istio checkout, release directory, or chart.",
)
@click.option(
    "--set", "assignments", multiple=True, help="A setting, k=v, in the installer's own language (repeatable)."
)
@click.option("--values", "-f", "values_files", multiple=True, help="A values file (repeatable, the last on top).")
@click.option("--profile", default="", help="A profile by name.")
@click.option(
    "--operatorFileName", "operator_files", multiple=True, help="An IstioOperator file (repeatable); istioctl only."
)
@click.option("--revision", default="", help="Revision of the control plane.")
@click.option("--namespace", "-n", default="istio-system", show_default=True, help="Namespace of the control plane.")
@click.option("--release", default="", help="Istio release of the charts. Default: told from them.")
@click.option(
    "--installer", type=click.Choice(["helm", "istioctl"]), help="Whose rules apply. Default: told from the settings."
)
@click.option(
    "--part", type=click.Choice(["all", "injector", "mesh"]), default="all", show_default=True, help="Which ConfigMap."
)
@click.option("-o", "--output", default="", help="File to write, whole or not at all. Default: standard output.")
def render(output: str, part: str, **options: Any) -> int:
    """Render the ConfigMaps that an installation of Istio would have, from its charts, without Helm or istioctl.

    Prints the injector's ConfigMap and the mesh's. istioctl's rules apply when an IstioOperator file is named, when a setting begins
    with values. or components., and for profiles of 1.5 to 1.20; else Helm's.

    \b
    Examples:
      remora config render --charts istio-1.20.8 --set global.proxy.logLevel=debug -o injector.yaml
      remora config render --charts istio-1.24.6 --profile ambient
      remora config render --charts istio-1.12.9 --operatorFileName mesh.yaml --set values.global.hub=registry.example.com/istio
    """
    installed = _install(**options)
    parts = {"injector": installed.injector_manifest, "mesh": installed.mesh_manifest}
    chosen = [text for name, text in parts.items() if part in ("all", name) and text]
    with open_output(output) as target:
        target.write("---\n".join(chosen))
    return OK


def _install(
    charts: Path,
    values_files: tuple[str, ...],
    operator_files: tuple[str, ...],
    release: str,
    installer: Installer | None,
    assignments: tuple[str, ...],
    **settings: str,
) -> Installation:
    from webhook.config.chartfiles import load_tree, read_values_file
    from webhook.config.errors import ConfigError
    from webhook.config.installation import Settings, install, tell_release
    from webhook.config.release import release_of

    try:
        tree = load_tree(charts)
        wanted = Settings(
            installer=installer or _installer(tree, assignments, operator_files, settings["profile"]),
            values=[read_values_file(name) for name in values_files],
            set=assignments,
            operators=[read_values_file(name) for name in operator_files],
            **settings,
        )
        return install(tree, wanted, release_of(release) if release else tell_release(tree).release)
    except (ConfigError, ValueError) as error:
        raise CliError(str(error), BAD_INPUT) from error


def _installer(tree: Tree, assignments: tuple[str, ...], operators: tuple[str, ...], profile: str) -> Installer:
    """Return whose settings these look like."""
    if operators or any(item.startswith(("values.", "components.")) for item in assignments):
        return "istioctl"
    charts_know = any(key in tree.chart.values for key in ("defaults", "_internal_defaults_do_not_set"))
    return "istioctl" if profile and not charts_know and profile not in tree.overlays and tree.profiles else "helm"
