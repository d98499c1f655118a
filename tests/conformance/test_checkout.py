"""A checkout of Istio without a manifest gives the cases, configurations and surroundings that the manifest of its data names."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from conformance.checkout import checkout_manifest, is_checkout, with_rendered_sets
from conformance.checkout_sets import render_built_in
from conformance.istio import run_cases
from conformance.manifest import Case, Manifest, ManifestError, load_manifest

NOT_FOUND = {
    "0.5.1": {"TestIntoResourceFile": 21},
    "0.7.1": {"TestIntoResourceFile": 26},
    "0.8.0": {"TestIntoResourceFile": 34, "TestInvalidParams": 4, "TestInvalidAnnotations": 4},
    "1.0.9": {"TestIntoResourceFile": 37, "TestInvalidParams": 4, "TestInvalidAnnotations": 4},
    "1.1.17": {"TestIntoResourceFile": 39, "TestRewriteAppProbe": 6, "TestInvalidParams": 4, "TestInvalidAnnotations": 4},
    "1.3.8": {"TestInvalidParams": 4},
    **{version: {} for version in ("1.5.10", "1.8.6", "1.9.9", "1.12.9", "1.14.6", "1.18.7", "1.20.8", "1.24.6", "1.27.9", "1.30.3")},
}  # fmt: skip
"""Cases of a release that a checkout does not give: their template is a constant of a program, or they have no files."""

SURROUNDINGS = ("env", "features", "revision", "version", "mesh_test_mode", "args", "command", "cwd")


@pytest.fixture(params=NOT_FOUND)
def folder(request, upstream) -> Path:
    path = upstream / request.param
    if not path.is_dir():
        pytest.skip(f"no data of {request.param}")
    return path


def without_nulls(value: Any) -> Any:
    return {k: without_nulls(v) for k, v in value.items() if v is not None} if isinstance(value, dict) else value


def texts_of(case: Case, manifest: Manifest) -> tuple[Any, ...]:
    """Return the configuration of a case; values as data, since only what they say counts."""
    fields = manifest.sets[case.config].fields if case.config else {}
    keys = ["config", "template", *(["mesh"] if case.mesh.get("base") == "set" else [])]
    texts = [manifest.text(fields[key]).strip() if fields.get(key) else None for key in keys]
    given = fields.get("values")
    values = json.loads(given if given.startswith("{") else manifest.text(given)) if given else None
    return (*texts, json.dumps(without_nulls(values), sort_keys=True))


def facts_of(case: Case, manifest: Manifest) -> tuple[Any, ...]:
    test = case.id.partition("/")[0].replace("TestWebhookInject", "TestInject")
    mesh = {key: value for key, value in case.mesh.items() if key != "file"}
    params = {key: case.params[key] for key in SURROUNDINGS if case.params.get(key)}
    error = (case.expected_error or "").strip().removeprefix("Error: ")
    source = None if case.mode in ("cli", "uninject") else case.input
    parts = (test, case.mode, source, case.expected, error, case.compare)
    return (*parts, json.dumps([mesh, params], sort_keys=True), hash(texts_of(case, manifest)))


def test_the_cases_are_those_of_the_manifest(folder):
    found, known = checkout_manifest(folder, folder.name), load_manifest(folder)
    ours = {facts_of(case, found) for case in found.cases}
    theirs = {facts_of(case, known) for case in known.cases}
    assert ours - theirs == set()
    missing = [case for case in known.cases if facts_of(case, known) not in ours]
    assert Counter(case.id.partition("/")[0] for case in missing) == NOT_FOUND[folder.name]
    assert dict(found.harness) == {name: facts for name, facts in known.harness.items() if facts}


def bare_copy(folder: Path, target: Path) -> Path:
    """Copy data without what no checkout has."""
    ignored = shutil.ignore_patterns("cases.json", "rendered", "stage1", "stock")
    return Path(shutil.copytree(folder, target / folder.name, ignore=ignored))


@pytest.mark.parametrize("version", ["0.7.1", "1.3.8"])
def test_its_cases_pass_and_its_release_is_told(upstream, tmp_path, version):
    """Two releases only: the others are run by the same code, with the manifest, in test_istio_goldens. Takes seconds."""
    folder = upstream / version
    if not folder.is_dir():
        pytest.skip(f"no data of {version}")
    manifest = checkout_manifest(bare_copy(folder, tmp_path))
    assert manifest.release.rpartition(".")[0] == version.rpartition(".")[0]
    results = list(run_cases(manifest, lambda case: case.mode in ("patch", "kube-inject")))
    assert len(results) > 5
    assert [f"{r.case.id}: {r.difference}" for r in results if not r.passed] == []


@pytest.mark.parametrize(("version", "kept"), [("0.5.1", 8), ("1.3.8", 120), ("1.5.10", 125)])
def test_a_manifest_from_elsewhere_is_run_with_what_the_charts_render(upstream, tmp_path, version, kept):
    folder = upstream / version
    if not folder.is_dir():
        pytest.skip(f"no data of {version}")
    known = load_manifest(folder)
    found = with_rendered_sets(load_manifest(bare_copy(folder, tmp_path), folder / "cases.json"))
    assert len(found.cases) == kept
    by_id = {case.id: case for case in known.cases}
    assert all(texts_of(case, found) == texts_of(by_id[case.id], known) for case in found.cases)


def test_a_manifest_with_all_its_files_stays_as_it_is(upstream):
    folder = upstream / "1.8.6"
    if not folder.is_dir():
        pytest.skip("no data of 1.8.6")
    manifest = load_manifest(folder)
    assert with_rendered_sets(manifest) is manifest


@pytest.mark.parametrize("version", ["0.5.1", "0.7.1", "0.8.0", "1.0.9", "1.1.17"])
def test_cases_of_the_built_in_template_are_found_beside_the_program(upstream, tmp_path, version):
    """The template of the program here is ours: it shows all parameters."""
    folder = upstream / version
    if not folder.is_dir():
        pytest.skip(f"no data of {version}")
    copy, known = bare_copy(folder, tmp_path), load_manifest(folder)
    names = sorted({name for fields in known.sets.values() for name in fields.fields.get("params", ())})
    left, right = ("[[", "]]") if version in ("0.5.1", "0.7.1") else ("{{", "}}")
    shown = "\n".join(f"{name}: {left} .{name} {right}" for name in names)
    program = f"package inject\n\nconst parameterizedTemplate = `{shown}`\n"
    (copy / "pilot/pkg/kube/inject/mesh.go").write_text(program)
    found = checkout_manifest(copy, version)

    def facts(case: Case, text: str) -> tuple[Any, ...]:
        return (
            case.id.partition("/")[0],
            case.input,
            case.expected,
            case.compare,
            json.dumps(case.mesh["set"], sort_keys=True),
            text,
        )

    tests = ("TestIntoResourceFile", "TestRewriteAppProbe", "TestInvalidAnnotations")
    ours = {
        facts(c, found.text(found.sets[c.config].fields["template"])) for c in found.cases if c.id.startswith(tests)
    }
    sets = {name: fields.fields for name, fields in known.sets.items() if "params" in fields.fields}
    theirs = {
        facts(c, render_built_in(program, sets[c.config]["params"], sets[c.config]["delimiters"]))
        for c in known.cases
        if c.id.startswith(tests)
    }
    assert ours == theirs


PROGRAM = 'const (\n\tparameterizedTemplate = `\ncontainers:\n- image: {{ .ProxyImage }}\n  args: ["[[ .X ]]"]\n`\n)\n'


@pytest.mark.parametrize(
    ("program", "delimiters", "expected"),
    [
        (PROGRAM, ["[[", "]]"], '\ncontainers:\n- image: proxy\n  args: ["[[ .X ]]"]\n'),
        (PROGRAM.replace("{{ .Proxy", "[[ .Proxy").replace("Image }}", "Image ]]").replace("[[ .X ]]", "{{ .X }}"), ["{{", "}}"],
         '\ncontainers:\n- image: proxy\n  args: ["{{ .X }}"]\n'),
    ],
)  # fmt: skip
def test_the_template_that_istioctl_has_built_in(program, delimiters, expected):
    assert render_built_in(program, {"ProxyImage": "proxy"}, delimiters) == expected


def test_a_program_without_the_constant_is_refused():
    with pytest.raises(ValueError, match="no constant parameterizedTemplate"):
        render_built_in("package inject", {}, ["{{", "}}"])


def test_a_folder_that_is_no_checkout(tmp_path):
    assert not is_checkout(tmp_path)
    with pytest.raises(ManifestError, match="neither a manifest"):
        checkout_manifest(tmp_path)
    (tmp_path / "pkg/kube/inject/testdata").mkdir(parents=True)
    with pytest.raises(ManifestError, match="no chart"):
        checkout_manifest(tmp_path)
