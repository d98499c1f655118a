"""A checkout of Istio as a source of golden cases: found by its layout, with the configuration rendered from its charts.

No manifest is needed: inputs lie beside their goldens, the settings of the cases that need some are facts of
``golden_rows``, and what an installation would put into the ConfigMaps is computed as istioctl or Helm would. Goldens
whose settings are not known here are named as not run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from conformance.checkout_commands import command_cases
from conformance.checkout_sets import SetRenderer
from conformance.golden_rows import ROWS, SUFFIX, Row
from conformance.manifest import Case, ConfigSet, Manifest, ManifestError
from conformance.values_rows import NO_READINESS, ValuesRow, probe_flags, values_of
from conformance.values_rows import ROWS as VALUES_ROWS
from webhook.config.chartfiles import Tree, load_tree, read_values_file
from webhook.config.detect import detect_release
from webhook.config.document import find_config_maps, parse_document
from webhook.config.errors import ConfigError
from webhook.config.installation import Installation, Settings, install, tell_release
from webhook.config.release import Release, release_of
from webhook.kube import gojson
from webhook.mesh.versions import Version

TESTDATA: Final = ("pkg/kube/inject/testdata", "pilot/pkg/kube/inject/testdata")
FAKE_VERSION: Final = "unit-test-fake-version"
_UID_RANGE: Final = "1000620000/10000"
_NAMESPACES: Final = {
    "test-ns": {
        "openshift.io/sa.scc.supplemental-groups": _UID_RANGE,
        "openshift.io/sa.scc.uid-range": _UID_RANGE,
    }
}
_NODES: Final = {"TestInjection": ["v1.33.0", "v1.34.0"], "TestInjectionOlderVersion": ["v1.33.0", "v1.28.0"]}
_ALWAYS: Final[Version] = (0, 0, 0)
_NEVER: Final[Version] = (99, 0, 0)
UNUSED_UNTIL: Final[Mapping[str, Version]] = {
    "webhook/multi-init.yaml.injected": _NEVER,
    "webhook/TestWebhookInject_holdApplicationUntilProxyStarts.patch": _NEVER,
    "webhook/TestWebhookInject_validationOrder.patch": (1, 6, 0),
    "inject/app_probe/ready_live.yaml.injected": (1, 4, 0),
    "inject/cronjob-with-app.yaml.injected": _NEVER,
    "inject/pod-with-app.yaml.injected": _NEVER,
    "inject/hello-tproxy-debug.yaml.injected": _NEVER,
    "inject/hello-existing-cncf-networks-json.yaml.injected": (1, 8, 0),
}
"""Goldens that lie in trees of releases whose tests do not name them, and since when they are used."""


@dataclass(frozen=True, slots=True)
class CheckoutManifest(Manifest):
    """The cases of a checkout.

    ``texts`` are what was rendered, by the names that sets use; ``not_run`` names goldens, or cases, that were left out.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    not_run: tuple[str, ...] = ()

    def text(self, path: str) -> str:
        """Return a rendered text, or a file of the checkout."""
        found = self.texts.get(path)
        return Manifest.text(self, path) if found is None else found


def is_checkout(directory: Path) -> bool:
    """Tell whether a folder looks like a checkout of Istio with the injector's test data."""
    return any((directory / place).is_dir() for place in TESTDATA)


def checkout_manifest(directory: Path, release: str = "") -> CheckoutManifest:
    """Return the cases of a checkout.

    release: what the checkout is of; told from its charts when empty, which is exact to the minor.

    Raises:
        ManifestError: there is no test data or no chart, or they do not parse.
    """
    if not is_checkout(directory):
        raise ManifestError(f"{directory} has neither a manifest (cases.json) nor the test data of Istio's injector")
    try:
        return _Reader(directory, release).manifest()
    except (ConfigError, ValueError) as error:
        raise ManifestError(f"{directory}: {error}") from error


def with_rendered_sets(manifest: Manifest) -> Manifest:
    """Return a manifest whose configurations are rendered from the charts of the directory where their files are not there.

    Raises:
        ManifestError: a set is to be rendered, and the charts are not there or refuse its settings.
    """
    missing = [fields for fields in manifest.sets.values() if not _has_files(fields, manifest.directory, ())]
    if not missing:
        return manifest
    try:
        texts = SetRenderer(_tree_of(manifest.directory), release_of(manifest.release), manifest.directory)
        rendered = {path: text for fields in missing for path, text in texts.of(fields).items()}
    except (ConfigError, ValueError) as error:
        raise ManifestError(f"{manifest.directory}: {error}") from error
    without = {fields.name for fields in missing if not _has_files(fields, manifest.directory, rendered)}
    return CheckoutManifest(
        manifest.release,
        manifest.directory,
        tuple(case for case in manifest.cases if case.config not in without),
        manifest.sets,
        manifest.harness,
        texts=rendered,
        not_run=tuple(case.id for case in manifest.cases if case.config in without),
    )


def _has_files(fields: ConfigSet, directory: Path, rendered: Collection[str]) -> bool:
    names = [fields.fields.get(key) for key in ("template", "config", "values", "mesh")]
    named = [name for name in names if name and not name.startswith("{")]
    return all(name in rendered or (directory / name).is_file() for name in named)


TEMPLATES: Final = "install/kubernetes/templates/istio-sidecar-injector-configmap-release.yaml.tmpl"
"""The ConfigMap of 0.5 to 0.7, which have no chart of it with defaults."""


def _tree_of(directory: Path) -> Tree | None:
    """Return the charts of a checkout; None for one of 0.5 to 0.7, whose cases need none."""
    try:
        return load_tree(directory)
    except ConfigError:
        if (directory / TEMPLATES).is_file():
            return None
        raise


def _told(directory: Path, tree: Tree | None) -> Release:
    if tree is not None:
        return tell_release(tree).release
    text = (directory / TEMPLATES).read_text("utf-8")
    found = find_config_maps(text, TEMPLATES)
    document = parse_document(found.config if found and found.config else text, TEMPLATES)
    return detect_release(document, config_map_name="istio-inject").release


class _Reader:
    """Collects the cases of one checkout, and the texts that their settings render to."""

    def __init__(self, directory: Path, release: str) -> None:
        self._directory = directory
        plain = _tree_of(directory)
        self._release: Release = release_of(release) if release else _told(directory, plain)
        in_snapshot = (1, 6, 0) <= self._release.numbers < (1, 8, 0)
        self._tree: Tree | None = load_tree(directory, snapshot=True) if in_snapshot else plain
        self._testdata = next(place for place in TESTDATA if (directory / place).is_dir())
        self._texts: dict[str, str] = {}
        self._sets: dict[str, ConfigSet] = {}

    def manifest(self) -> CheckoutManifest:
        cases = [
            *self._injection_cases(),
            *self._values_cases(),
            *self._helm_cases(),
            *self._patch_cases(),
            *command_cases(self._directory),
        ]
        claimed = {case.expected for case in cases}
        goldens = {
            path.relative_to(self._directory).as_posix()
            for ending in (SUFFIX, ".patch")
            for path in (self._directory / self._testdata).rglob(f"*{ending}")
        }
        return CheckoutManifest(
            release=self._release.version,
            directory=self._directory,
            cases=tuple(cases),
            sets=self._sets,
            harness=self._harness(),
            texts=self._texts,
            not_run=tuple(sorted(goldens - claimed)),
        )

    def _harness(self) -> dict[str, Any]:
        if self._release.numbers < (1, 22, 0):
            return {}
        if self._release.numbers < (1, 27, 0):
            return {"TestInjection": {"namespaces": _NAMESPACES}}
        return {name: {"namespaces": _NAMESPACES, "nodes": nodes} for name, nodes in _NODES.items()}

    # files

    def _path(self, *parts: str) -> str:
        return "/".join((self._testdata, *parts))

    def _names(self, folder: str, pattern: str) -> list[str]:
        return sorted(path.name for path in (self._directory / self._path(folder)).glob(pattern))

    def _goldens(self, folder: str, pattern: str) -> list[str]:
        """Return the goldens of a folder that the release's tests use."""
        names = self._names(folder, pattern)
        return [name for name in names if UNUSED_UNTIL.get(f"{folder}/{name}", _ALWAYS) <= self._release.numbers]

    def _has(self, folder: str, name: str) -> bool:
        return (self._directory / self._path(folder, name)).is_file()

    # configurations

    @property
    def _charts(self) -> Tree:
        if self._tree is None:
            raise ValueError("there is no chart with the injector's ConfigMap")
        return self._tree

    def _installed(self, flags: tuple[str, ...], operator: str) -> str:
        """Return the name of the set with some settings, rendering it when it is first asked for."""
        name = " ".join((*flags, operator)).strip() or "default"
        if name not in self._sets:
            files = [read_values_file(str(self._directory / self._path("inject", operator)))] if operator else []
            alone = ("profile=empty", "components.pilot.enabled=true") if self._release.numbers >= (1, 8, 0) else ()
            settings = Settings("istioctl", set=(*flags, *alone), operators=files)
            self._add(name, install(self._charts, settings, self._release))
        return name

    def _add(self, name: str, found: Installation) -> None:
        texts = {key: getattr(found, key) for key in ("config", "values", "mesh")}
        self._texts.update({f"{name}.{key}": text for key, text in texts.items()})
        fields = {key: f"{name}.{key}" for key, text in texts.items() if text}
        self._sets[name] = ConfigSet(name, "config+values+mesh", {"values": None, **fields})

    def _by_helm(self) -> str:
        if "helm" not in self._sets:
            # 1.0.3 to 1.0.9: upstream's test rewrites the status port of the tree's values first
            flags = ["global.proxy.statusPort=15020"] if (1, 0, 3) <= self._release.numbers < (1, 1, 0) else []
            self._add("helm", install(self._charts, Settings(set=flags), self._release))
        return "helm"

    # cases of inject/: TestInjection since 1.8, TestIntoResourceFile and TestRewriteAppProbe from 1.5 on

    def _injection_cases(self) -> Iterator[Case]:
        if self._release.numbers < (1, 5, 0):
            return
        rows = [row for row in ROWS if self._applies(row)]
        named = {row.golden for row in rows if row.golden != row.input}
        inputs = {row.input for row in rows if row.error}
        for name in self._goldens("inject", f"*{SUFFIX}"):
            plain = name.removesuffix(SUFFIX)
            if name not in named and plain not in inputs and self._has("inject", plain):
                rows.append(Row(plain, name))
        for number, row in enumerate(rows):
            yield from self._row_cases(row, number)
        for name in self._goldens("inject/app_probe", f"*.yaml{SUFFIX}"):
            yield from self._probe_case(name)

    def _probe_case(self, name: str) -> Iterator[Case]:
        held = name.endswith(f".proxyHoldsApplication.yaml{SUFFIX}")
        plain = name.removesuffix(SUFFIX).replace(".proxyHoldsApplication", "")
        if self._has("inject/app_probe", plain):
            flags = ("values.global.proxy.holdApplicationUntilProxyStarts=true",) if held else ()
            yield from self._row_cases(
                Row(f"app_probe/{plain}", f"app_probe/{name}", set=flags), 0, "TestRewriteAppProbe"
            )

    def _applies(self, row: Row) -> bool:
        if not row.since <= self._release.numbers <= row.until:
            return False
        if row.older_nodes and self._release.numbers < (1, 27, 0):
            return False
        there = self._has("inject", row.input) and (not row.operator or self._has("inject", row.operator))
        return there and (bool(row.error) or self._has("inject", row.golden))

    def _row_cases(self, row: Row, number: int, test: str = "") -> Iterator[Case]:
        new = self._release.numbers >= (1, 8, 0)
        test = test or (
            "TestInvalidAnnotations"
            if row.error and not new
            else "TestInjectionOlderVersion"
            if row.older_nodes
            else "TestInjection"
            if new
            else "TestIntoResourceFile"
        )
        name = (row.golden or row.input).removesuffix(SUFFIX)
        if row.ways != "webhook":
            compare = "error-contains-lower" if row.error else "text" if new else "text-status-version-blanked"
            yield self._case(f"{test}/{number:02}-{name}/kube-inject", "kube-inject", row, compare, "")
        if row.ways != "kube-inject" and new:
            revision = "default" if self._release.numbers >= (1, 9, 0) else ""
            yield self._case(f"{test}/{number:02}-{name}/webhook", "webhook", row, "pod-normalised", revision)

    def _case(self, name: str, mode: str, row: Row, compare: str, revision: str) -> Case:
        params: dict[str, Any] = {"revision": revision}
        params.update({key: dict(value) for key, value in (("env", row.env), ("features", row.features)) if value})
        if (1, 6, 0) <= self._release.numbers < (1, 7, 0):
            params["mesh_test_mode"] = True
        base = "set" if self._release.numbers >= (1, 7, 0) else "go-defaults"
        return Case(
            id=name,
            mode=mode,
            input=self._path("inject", row.input),
            expected=None if row.error else self._path("inject", row.golden),
            expected_error=row.error or None,
            config=self._installed(row.set, row.operator),
            compare=compare,
            mesh={"base": base, "set": dict(row.mesh)},
            values={"set": list(row.set), "operator_file": row.operator or None},
            params=params,
        )

    # cases of inject/ from 1.2 to 1.4: a chart's template and its own values

    def _values_cases(self) -> Iterator[Case]:
        if not (1, 2, 0) <= self._release.numbers < (1, 5, 0):
            return
        rows = [row for row in VALUES_ROWS if self._has("inject", row.input) and self._has("inject", row.golden)]
        known = {row.golden for row in rows}
        for name in self._goldens("inject", f"*{SUFFIX}"):
            plain = name.removesuffix(SUFFIX)
            if (name not in known or plain == "hello.yaml") and self._has("inject", plain):
                rows.append(ValuesRow(plain, name))
        for row in rows:
            yield self._values_case("TestIntoResourceFile", "inject", row)
        for name in self._goldens("inject/app_probe", f"*.yaml{SUFFIX}"):
            plain = name.removesuffix(SUFFIX)
            if self._has("inject/app_probe", plain):
                row = ValuesRow(plain, name, probe_flags(plain), {})
                yield self._values_case("TestRewriteAppProbe", "inject/app_probe", row)
        for name in self._names("inject", "traffic-annotations-bad-*.yaml"):
            error = name.removesuffix(".yaml").rpartition("-")[2]
            yield self._values_case("TestInvalidAnnotations", "inject", ValuesRow(name, "", NO_READINESS, {}), error)

    def _values_case(self, test: str, folder: str, row: ValuesRow, error: str = "") -> Case:
        return Case(
            id=f"{test}/{(row.golden or row.input).removesuffix(SUFFIX)}",
            mode="kube-inject",
            input=self._path(folder, row.input),
            expected=self._path(folder, row.golden) if row.golden else None,
            expected_error=error or None,
            config=self._values_set(row.flags),
            compare="error-contains-lower" if error else "text-status-version-blanked",
            mesh={"base": "go-defaults", "set": dict(row.mesh)},
            values={"set": dict(row.flags)},
            params={},
        )

    def _values_set(self, flags: Mapping[str, str]) -> str:
        name = " ".join(f"{key}={value}" for key, value in flags.items()) or "values"
        if name not in self._sets:
            template = (
                f"{self._charts.chart_path.relative_to(self._directory).as_posix()}/files/injection-template.yaml"
            )
            values = values_of(self._charts.chart.values, flags, self._release.numbers)
            self._texts[f"{name}.values"] = gojson.dumps(values)
            self._sets[name] = ConfigSet(name, "template+values", {"template": template, "values": f"{name}.values"})
        return name

    # cases of webhook/: TestHelmInject from 1.0 to 1.7

    def _helm_cases(self) -> Iterator[Case]:
        if not (1, 0, 0) <= self._release.numbers < (1, 8, 0):
            return
        for name in self._goldens("webhook", f"*.yaml{SUFFIX}"):
            plain = name.removesuffix(SUFFIX)
            source = "hello.yaml" if plain == "hello-config-map-name.yaml" else plain
            if self._has("webhook", source):
                yield self._helm_case(source, name)

    def _helm_case(self, source: str, golden: str) -> Case:
        by_istioctl = self._release.numbers >= (1, 5, 0)
        return Case(
            id=f"TestHelmInject/{golden}",
            mode="webhook",
            input=self._path("webhook", source),
            expected=self._path("webhook", golden),
            expected_error=None,
            config=self._installed((), "") if by_istioctl else self._by_helm(),
            compare="workload-normalised",
            mesh={"base": "set" if self._release.numbers >= (1, 7, 0) else "go-defaults", "set": {}},
            values={},
            params={"version": FAKE_VERSION, **self._test_mode()},
        )

    def _test_mode(self) -> dict[str, bool]:
        return {"mesh_test_mode": True} if (1, 6, 0) <= self._release.numbers < (1, 7, 0) else {}

    # cases of patches: TestInject and TestWebhookInject up to 1.8

    def _patch_cases(self) -> Iterator[Case]:
        if self._release.numbers >= (1, 9, 0):
            return
        folder = "webhook" if (self._directory / self._path("webhook")).is_dir() else ""
        inputs = {name.removesuffix(".yaml").lower(): name for name in self._names(folder, "TestWebhookInject*.yaml")}
        for golden in self._goldens(folder, "TestWebhookInject*.patch"):
            source = inputs.get(golden.removesuffix(".patch").lower())
            if source is not None:
                yield self._patch_case(folder, source, golden)

    def _patch_case(self, folder: str, source: str, golden: str) -> Case:
        parts = (folder,) if folder else ()
        own = source.replace(".yaml", "_template.yaml")
        template = own if self._has(folder, own) else "TestWebhookInject_template.yaml"
        return Case(
            id=f"TestWebhookInject/{golden}",
            mode="patch",
            input=self._path(*parts, source),
            expected=self._path(*parts, golden),
            expected_error=None,
            config=self._template_set(self._path(*parts, template)),
            compare="patch-json-indent2",
            mesh={"base": "go-defaults", "set": {}},
            values={},
            params={"version": FAKE_VERSION, **self._test_mode()},
        )

    def _template_set(self, path: str) -> str:
        """Return the name of the set whose template is a file: a pod template up to 1.3, a configuration since."""
        if self._release.numbers >= (1, 4, 0):
            values: str | None = "{}" if self._release.numbers >= (1, 5, 0) else self._helm_values()
            self._sets[path] = ConfigSet(path, "config", {"config": path, "values": values})
        else:
            values = self._helm_values() if self._release.has_values else None
            self._sets[path] = ConfigSet(path, "template", {"template": path, "policy": "enabled", "values": values})
        return path

    def _helm_values(self) -> str:
        return self._texts[f"{self._by_helm()}.values"]
