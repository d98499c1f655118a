"""``remora check``: the requirements of the mesh, over manifests."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webhook.cli.configuration import load_snapshot
from webhook.cli.exits import ANSWER_IS_NO, BAD_INPUT, OK, CliError
from webhook.cli.options import config_options
from webhook.config.release import LAST_PATCHES, release_of
from webhook.explain.advice import advise
from webhook.explain.requirements import Finding, Manifest, Mesh, check_requirements
from webhook.inject.decide import decide
from webhook.kube import gojson, yaml
from webhook.kube.schema import DecodeError, Schema, load_schema
from webhook.kube.workloads import NEWEST_ERA, workload_of

if TYPE_CHECKING:
    from webhook.inject.outcome import Decision


@click.command("check")
@click.option(
    "-f", "--filename", "files", multiple=True, required=True, help="A file, a folder of YAML files, or - (repeatable)."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("-n", "--namespace", default="default", show_default=True, help="Namespace of objects that name none.")
@click.option(
    "--injection-namespace", "labelled", multiple=True, help="A namespace known to be labelled istio-injection=enabled."
)
@config_options
def command(files: tuple[str, ...], form: str, namespace: str, labelled: tuple[str, ...], **config: Any) -> int:
    """Check manifests against what the mesh requires of pods: one Service each, named ports, app labels, a sidecar.

    Tells also of annotations and labels that are ignored, misspelt ones among them, as the webhook does.
    Give Services, workloads and Namespaces together: they are looked at as one application. Exits with 1 when something is found.

    \b
    Examples:
      remora check -f app.yaml -f services.yaml
      kubectl get svc,deploy,ns -o yaml | remora check -f - --format json
    """
    snapshot = load_snapshot(**config)
    schema = load_schema(release_of(LAST_PATCHES[-1]).kube_version)  # of the cluster, not of the injector

    def ask(pod: Mapping[str, Any]) -> Decision:
        return decide(dict(pod), snapshot)

    def hint(pod: Mapping[str, Any]) -> Sequence[str]:
        decision = ask(pod)
        return [*filter(None, [decision.warning]), *advise(pod, decision, snapshot)]

    manifests = [_canonical(manifest, schema) for name in files for manifest in _read(name)]
    findings = check_requirements(manifests, Mesh(ask, namespace, frozenset(labelled), hint))
    click.echo(_json(findings) if form == "json" else _text(findings, manifests), nl=False)
    return ANSWER_IS_NO if findings else OK


def _read(name: str) -> Iterator[Manifest]:
    if name == "-":
        yield from _manifests("stdin", sys.stdin.buffer.read())
        return
    path = Path(name)
    try:
        paths = (
            sorted(p for p in path.rglob("*") if p.suffix in (".yaml", ".yml", ".json")) if path.is_dir() else [path]
        )
        for each in paths:
            yield from _manifests(str(each), each.read_bytes())
    except OSError as error:
        raise CliError(f"{error.filename}: {error.strerror}", BAD_INPUT) from error


def _manifests(name: str, content: bytes) -> Iterator[Manifest]:
    try:
        documents = yaml.load_all(content)
    except yaml.YamlError as error:
        raise CliError(f"{name}: {error}", BAD_INPUT) from error
    for number, document in enumerate(documents, 1):
        for item in _objects(document):
            yield Manifest(name, number, item)


def _objects(document: object) -> Iterator[Mapping[str, Any]]:
    if not isinstance(document, Mapping):
        return
    items = document.get("items")
    if str(document.get("kind") or "").endswith("List") and isinstance(items, list):
        for item in items:
            yield from _objects(item)
    else:
        yield document


def _canonical(manifest: Manifest, schema: Schema) -> Manifest:
    """Return a workload as Kubernetes reads it: unknown fields dropped, a bare ``true`` in an annotation made a string."""
    workload = workload_of(manifest.kind, NEWEST_ERA)
    if workload is None:
        return manifest
    try:
        return replace(manifest, object=schema.decode(workload.type_name, manifest.object, coerce=True))
    except DecodeError as error:
        raise CliError(f"{manifest.place}: {error}", BAD_INPUT) from error


def _json(findings: list[Finding]) -> str:
    rows = [{**asdict(finding), "rule": finding.rule.value} for finding in findings]
    return gojson.dumps({"findings": rows}, sort_keys=False, escape_html=False, indent="  ") + "\n"


def _text(findings: list[Finding], manifests: list[Manifest]) -> str:
    lines = []
    for place, group in groupby(findings, key=lambda finding: finding.place):
        lines.append(place)
        for finding in group:
            lines.append(f"  {finding.rule.value}: {finding.reason}")
            lines += [f"    remedy: {finding.remedy}"] if finding.remedy else []
    found = _count(len(findings), "finding") if findings else "nothing found"
    return "\n".join([*lines, f"{_count(len(manifests), 'object')}, {found}"]) + "\n"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
