"""The cases of a checkout up to 1.8 that are not of TestInjection: by built-in template, by chart values, by Helm, and patches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.built_in_rows import HELM_0_8, PROBES, UNSET, BuiltInRow, mesh_of, parameters_of
from conformance.built_in_rows import ROWS as BUILT_IN_ROWS
from conformance.checkout_sets import BUILT_IN, render_built_in
from conformance.checkout_tree import FAKE_VERSION, Checkout
from conformance.golden_rows import SUFFIX
from conformance.manifest import Case, ConfigSet
from conformance.values_rows import NO_READINESS, ValuesRow, probe_flags, values_of
from conformance.values_rows import ROWS as VALUES_ROWS
from webhook.kube import gojson


def older_cases(checkout: Checkout) -> Iterator[Case]:
    """Yield the cases that only releases up to 1.8 have."""
    for kind in (_ValuesCases, _BuiltInCases, _HelmCases, _PatchCases):
        yield from kind(checkout).cases()


class _Cases:
    def __init__(self, checkout: Checkout) -> None:
        self._at = checkout

    def cases(self) -> Iterator[Case]:
        raise NotImplementedError


class _ValuesCases(_Cases):
    """From 1.2 to 1.4: a chart's template and its own values with flags over them."""

    def cases(self) -> Iterator[Case]:
        if not (1, 2, 0) <= self._at.release.numbers < (1, 5, 0):
            return
        rows = [row for row in VALUES_ROWS if self._at.has("inject", row.input) and self._at.has("inject", row.golden)]
        known = {row.golden for row in rows}
        for name in self._at.goldens("inject", f"*{SUFFIX}"):
            plain = name.removesuffix(SUFFIX)
            if (name not in known or plain == "hello.yaml") and self._at.has("inject", plain):
                rows.append(ValuesRow(plain, name))
        for row in rows:
            yield self._values_case("TestIntoResourceFile", "inject", row)
        for name in self._at.goldens("inject/app_probe", f"*.yaml{SUFFIX}"):
            plain = name.removesuffix(SUFFIX)
            if self._at.has("inject/app_probe", plain):
                row = ValuesRow(plain, name, probe_flags(plain), {})
                yield self._values_case("TestRewriteAppProbe", "inject/app_probe", row)
        for name in self._at.names("inject", "traffic-annotations-bad-*.yaml"):
            error = name.removesuffix(".yaml").rpartition("-")[2]
            yield self._values_case("TestInvalidAnnotations", "inject", ValuesRow(name, "", NO_READINESS, {}), error)

    def _values_case(self, test: str, folder: str, row: ValuesRow, error: str = "") -> Case:
        return Case(
            id=f"{test}/{(row.golden or row.input).removesuffix(SUFFIX)}",
            mode="kube-inject",
            input=self._at.path(folder, row.input),
            expected=self._at.path(folder, row.golden) if row.golden else None,
            expected_error=error or None,
            config=self._values_set(row.flags),
            compare="error-contains-lower" if error else "text-status-version-blanked",
            mesh={"base": "go-defaults", "set": dict(row.mesh)},
            values={"set": dict(row.flags)},
            params={},
        )

    def _values_set(self, flags: Mapping[str, str]) -> str:
        name = " ".join(f"{key}={value}" for key, value in flags.items()) or "values"
        if name not in self._at.sets:
            template = (
                f"{self._at.charts.chart_path.relative_to(self._at.directory).as_posix()}/files/injection-template.yaml"
            )
            values = values_of(self._at.charts.chart.values, flags, self._at.release.numbers)
            self._at.texts[f"{name}.values"] = gojson.dumps(values)
            self._at.sets[name] = ConfigSet(name, "template+values", {"template": template, "values": f"{name}.values"})
        return name


class _BuiltInCases(_Cases):
    """Up to 1.1, where the program that has the template is there."""

    def cases(self) -> Iterator[Case]:
        program = self._at.directory / BUILT_IN
        if self._at.release.numbers >= (1, 2, 0) or not program.is_file():
            return
        text, folder = program.read_text("utf-8"), "inject" if self._at.has_folder("inject") else ""
        rows = [row for row in BUILT_IN_ROWS if self._at.has(folder, row.input) and self._at.has(folder, row.golden)]
        known = {row.golden for row in rows}
        for name in self._at.goldens(folder, f"*{SUFFIX}"):
            if name not in known and self._at.has(folder, name.removesuffix(SUFFIX)):
                rows.append(BuiltInRow(name.removesuffix(SUFFIX), name))
        for row in rows:
            yield self._built_in_case("TestIntoResourceFile", folder, row, text)
        for name in self._at.goldens("inject/app_probe", f"*.yaml{SUFFIX}"):
            row = BuiltInRow(name.removesuffix(SUFFIX), name, PROBES)
            if self._at.has("inject/app_probe", row.input):
                yield self._built_in_case("TestRewriteAppProbe", "inject/app_probe", row, text)
        for name in self._at.names(folder, "traffic-annotations-bad-*.yaml"):
            yield self._built_in_case("TestInvalidAnnotations", folder, BuiltInRow(name, "", UNSET), text)

    def _built_in_case(self, test: str, folder: str, row: BuiltInRow, program: str) -> Case:
        parts, version = (folder,) if folder else (), self._at.release.numbers
        error = "" if row.golden else row.input.removesuffix(".yaml").rpartition("-")[2]
        compare = "text" if version < (1, 0, 3) else "text-status-version-blanked"
        return Case(
            id=f"{test}/{(row.golden or row.input).removesuffix(SUFFIX)}",
            mode="kube-inject",
            input=self._at.path(*parts, row.input),
            expected=self._at.path(*parts, row.golden) if row.golden else None,
            expected_error=error or None,
            config=self._built_in_set(parameters_of(row.parameters, version), program),
            compare="error-contains-lower" if error else compare,
            mesh={"base": "go-defaults", "set": mesh_of(row, version) if test == "TestIntoResourceFile" else {}},
            values={"params": dict(row.parameters)},
            params={},
        )

    def _built_in_set(self, parameters: Mapping[str, Any], program: str) -> str:
        name = f"built in: {gojson.dumps(dict(parameters))}"
        if name not in self._at.sets:
            self._at.texts[name] = render_built_in(program, parameters, self._at.release.delimiters)
            self._at.sets[name] = ConfigSet(name, "template", {"template": name, "policy": "enabled", "values": None})
        return name


class _HelmCases(_Cases):
    """TestHelmInject, from 0.8 to 1.7."""

    def cases(self) -> Iterator[Case]:
        if (0, 8, 0) <= self._at.release.numbers < (1, 0, 0) and not self._at.has_folder("webhook"):
            for name in HELM_0_8:
                source = "hello.yaml" if name == "hello-config-map-name" else f"{name}.yaml"
                if self._at.has("", source) and self._at.has("", f"{name}.yaml{SUFFIX}"):
                    yield self._helm_case(source, f"{name}.yaml{SUFFIX}", "")
        if not (1, 0, 0) <= self._at.release.numbers < (1, 8, 0):
            return
        for name in self._at.goldens("webhook", f"*.yaml{SUFFIX}"):
            plain = name.removesuffix(SUFFIX)
            source = "hello.yaml" if plain == "hello-config-map-name.yaml" else plain
            if self._at.has("webhook", source):
                yield self._helm_case(source, name, "webhook")

    def _helm_case(self, source: str, golden: str, folder: str) -> Case:
        parts = (folder,) if folder else ()
        by_istioctl = self._at.release.numbers >= (1, 5, 0)
        return Case(
            id=f"TestHelmInject/{golden}",
            mode="webhook",
            input=self._at.path(*parts, source),
            expected=self._at.path(*parts, golden),
            expected_error=None,
            config=self._at.installed((), "") if by_istioctl else self._at.by_helm(),
            compare="workload-normalised",
            mesh={"base": "set" if self._at.release.numbers >= (1, 7, 0) else "go-defaults", "set": {}},
            values={},
            params={"version": FAKE_VERSION, **self._at.test_mode()},
        )


class _PatchCases(_Cases):
    """TestInject and TestWebhookInject, up to 1.8."""

    def cases(self) -> Iterator[Case]:
        if self._at.release.numbers >= (1, 9, 0):
            return
        folder = "webhook" if self._at.has_folder("webhook") else ""
        inputs = {
            name.removesuffix(".yaml").lower(): name for name in self._at.names(folder, "TestWebhookInject*.yaml")
        }
        for golden in self._at.goldens(folder, "TestWebhookInject*.patch"):
            source = inputs.get(golden.removesuffix(".patch").lower())
            if source is not None:
                yield self._patch_case(folder, source, golden)

    def _patch_case(self, folder: str, source: str, golden: str) -> Case:
        parts = (folder,) if folder else ()
        own = source.replace(".yaml", "_template.yaml")
        template = own if self._at.has(folder, own) else "TestWebhookInject_template.yaml"
        return Case(
            id=f"TestWebhookInject/{golden}",
            mode="patch",
            input=self._at.path(*parts, source),
            expected=self._at.path(*parts, golden),
            expected_error=None,
            config=self._template_set(self._at.path(*parts, template)),
            compare="patch-json-indent2",
            mesh={"base": "go-defaults", "set": {}},
            values={},
            params={"version": FAKE_VERSION, **self._at.test_mode()},
        )

    def _template_set(self, path: str) -> str:
        """Return the name of the set whose template is a file: a pod template up to 1.3, a configuration since."""
        if self._at.release.numbers >= (1, 4, 0):
            values: str | None = "{}" if self._at.release.numbers >= (1, 5, 0) else self._at.helm_values()
            self._at.sets[path] = ConfigSet(path, "config", {"config": path, "values": values})
        else:
            values = self._at.helm_values() if self._at.release.has_values else None
            self._at.sets[path] = ConfigSet(path, "template", {"template": path, "policy": "enabled", "values": values})
        return path
