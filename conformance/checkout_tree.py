"""A checkout of Istio as the cases see it: its release and charts, its test data, and the configurations rendered so far."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from conformance.manifest import ConfigSet
from webhook.config.chartfiles import Tree, load_tree, read_values_file
from webhook.config.detect import detect_release
from webhook.config.document import find_config_maps, parse_document
from webhook.config.errors import ConfigError
from webhook.config.installation import Installation, Settings, install, tell_release
from webhook.config.release import Release, release_of
from webhook.mesh.versions import Version

TESTDATA: Final = ("pkg/kube/inject/testdata", "pilot/pkg/kube/inject/testdata")
FAKE_VERSION: Final = "unit-test-fake-version"
_ALWAYS: Final[Version] = (0, 0, 0)
_NEVER: Final[Version] = (99, 0, 0)
UNUSED: Final[Mapping[str, tuple[Version, Version]]] = {
    "webhook/multi-init.yaml.injected": ((1, 1, 0), _NEVER),
    "webhook/TestWebhookInject_holdApplicationUntilProxyStarts.patch": (_ALWAYS, _NEVER),
    "webhook/TestWebhookInject_validationOrder.patch": (_ALWAYS, (1, 6, 0)),
    "inject/app_probe/ready_live.yaml.injected": (_ALWAYS, (1, 4, 0)),
    "inject/cronjob-with-app.yaml.injected": (_ALWAYS, _NEVER),
    "inject/pod-with-app.yaml.injected": (_ALWAYS, _NEVER),
    "inject/hello-tproxy-debug.yaml.injected": ((1, 2, 0), _NEVER),
    "inject/hello-existing-cncf-networks-json.yaml.injected": (_ALWAYS, (1, 8, 0)),
    "/not-required.yaml.injected": (_ALWAYS, _NEVER),
    "/single-initializer.yaml.injected": (_ALWAYS, _NEVER),
}
"""Goldens that lie in trees of releases whose tests do not name them: from which release to which."""


TEMPLATES: Final = "install/kubernetes/templates/istio-sidecar-injector-configmap-release.yaml.tmpl"
"""The ConfigMap of 0.5 to 0.7, which have no chart of it with defaults."""


def tree_of(directory: Path) -> Tree | None:
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


class Checkout:
    """One checkout. ``sets`` and ``texts`` are the configurations of its cases, filled as cases ask for them."""

    def __init__(self, directory: Path, release: str) -> None:
        self.directory = directory
        plain = tree_of(directory)
        self.release: Release = release_of(release) if release else _told(directory, plain)
        in_snapshot = (1, 6, 0) <= self.release.numbers < (1, 8, 0)
        self.tree: Tree | None = load_tree(directory, snapshot=True) if in_snapshot else plain
        self.testdata = next(place for place in TESTDATA if (directory / place).is_dir())
        self.texts: dict[str, str] = {}
        self.sets: dict[str, ConfigSet] = {}

    # files

    def path(self, *parts: str) -> str:
        """Return a path in the test data, relative to the checkout."""
        return "/".join((self.testdata, *parts))

    def names(self, folder: str, pattern: str) -> list[str]:
        """Return the names of files in a folder of the test data, sorted."""
        return sorted(path.name for path in (self.directory / self.path(folder)).glob(pattern))

    def goldens(self, folder: str, pattern: str) -> list[str]:
        """Return the goldens of a folder that the release's tests use."""
        return [name for name in self.names(folder, pattern) if not self._is_unused(f"{folder}/{name}")]

    def _is_unused(self, name: str) -> bool:
        since, until = UNUSED.get(name, (_NEVER, _NEVER))
        return since <= self.release.numbers < until

    def has(self, folder: str, name: str) -> bool:
        """Tell whether a file is in a folder of the test data."""
        return (self.directory / self.path(folder, name)).is_file()

    def has_folder(self, name: str) -> bool:
        """Tell whether the test data has a folder."""
        return (self.directory / self.path(name)).is_dir()

    # configurations

    @property
    def charts(self) -> Tree:
        """The charts; ValueError where there are none."""
        if self.tree is None:
            raise ValueError("there is no chart with the injector's ConfigMap")
        return self.tree

    def installed(self, flags: tuple[str, ...], operator: str) -> str:
        """Return the name of the set with some settings, rendering it when it is first asked for."""
        name = " ".join((*flags, operator)).strip() or "default"
        if name not in self.sets:
            files = [read_values_file(str(self.directory / self.path("inject", operator)))] if operator else []
            alone = ("profile=empty", "components.pilot.enabled=true") if self.release.numbers >= (1, 8, 0) else ()
            settings = Settings("istioctl", set=(*flags, *alone), operators=files)
            self.add_installation(name, install(self.charts, settings, self.release))
        return name

    def add_installation(self, name: str, found: Installation) -> None:
        """Keep the texts of an installation as the set of a name."""
        texts = {key: getattr(found, key) for key in ("config", "values", "mesh")}
        self.texts.update({f"{name}.{key}": text for key, text in texts.items()})
        fields = {key: f"{name}.{key}" for key, text in texts.items() if text}
        self.sets[name] = ConfigSet(name, "config+values+mesh", {"values": None, **fields})

    def by_helm(self) -> str:
        """Return the name of the set that Helm renders with default values."""
        if "helm" not in self.sets:
            # 1.0.3 to 1.0.9: upstream's test rewrites the status port of the tree's values first
            flags = ["global.proxy.statusPort=15020"] if (1, 0, 3) <= self.release.numbers < (1, 1, 0) else []
            self.add_installation("helm", install(self.charts, Settings(set=flags), self.release))
        return "helm"

    def helm_values(self) -> str:
        """Return the values of that set, which patch tests of 1.2 to 1.4 use."""
        return self.texts[f"{self.by_helm()}.values"]

    def test_mode(self) -> dict[str, bool]:
        """Return the parameter for the old mesh defaults, which tests of 1.6 turn on."""
        return {"mesh_test_mode": True} if (1, 6, 0) <= self.release.numbers < (1, 7, 0) else {}
