"""A checkout of Istio as a source of golden cases: found by its layout, with the configuration rendered from its charts.

No manifest is needed: inputs lie beside their goldens, the settings of the cases that need some are facts of
``golden_rows``, and what an installation would put into the ConfigMaps is computed as istioctl or Helm would. Goldens
whose settings are not known here are named as not run.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from conformance.checkout_commands import command_cases
from conformance.checkout_injection import injection_cases
from conformance.checkout_older import older_cases
from conformance.checkout_sets import SetRenderer
from conformance.checkout_tree import TESTDATA, Checkout, tree_of
from conformance.golden_rows import SUFFIX
from conformance.manifest import ConfigSet, Manifest, ManifestError
from webhook.config.errors import ConfigError
from webhook.config.release import release_of
from webhook.mesh.versions import Version

_UID_RANGE: Final = "1000620000/10000"
_NAMESPACES: Final = {
    "test-ns": {
        "openshift.io/sa.scc.supplemental-groups": _UID_RANGE,
        "openshift.io/sa.scc.uid-range": _UID_RANGE,
    }
}
_NODES: Final = {"TestInjection": ["v1.33.0", "v1.34.0"], "TestInjectionOlderVersion": ["v1.33.0", "v1.28.0"]}


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
        return _manifest(Checkout(directory, release))
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
        texts = SetRenderer(tree_of(manifest.directory), release_of(manifest.release), manifest.directory)
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


def _manifest(checkout: Checkout) -> CheckoutManifest:
    cases = [*injection_cases(checkout), *older_cases(checkout), *command_cases(checkout.directory)]
    claimed = {case.expected for case in cases}
    goldens = {
        path.relative_to(checkout.directory).as_posix()
        for ending in (SUFFIX, ".patch")
        for path in (checkout.directory / checkout.testdata).rglob(f"*{ending}")
    }
    return CheckoutManifest(
        release=checkout.release.version,
        directory=checkout.directory,
        cases=tuple(cases),
        sets=checkout.sets,
        harness=_harness(checkout.release.numbers),
        texts=checkout.texts,
        not_run=tuple(sorted(goldens - claimed)),
    )


def _harness(version: Version) -> dict[str, Any]:
    if version < (1, 22, 0):
        return {}
    if version < (1, 27, 0):
        return {"TestInjection": {"namespaces": _NAMESPACES}}
    return {name: {"namespaces": _NAMESPACES, "nodes": nodes} for name, nodes in _NODES.items()}
