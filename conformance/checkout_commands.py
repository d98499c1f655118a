"""The golden cases of istioctl's command line in a checkout: kube-inject and kube-uninject, by the files that lie there.

Source: istio-inject-1.9-1.31, section 6.7; the same files lie in older checkouts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from conformance.manifest import Case

FOLDERS: Final = ("istioctl/pkg/kubeinject", "istioctl/cmd", "istioctl/cmd/istioctl")
_NO_FILE: Final = "filename not specified (see --filename or -f)"
_MISSING: Final = "open missing.yaml: no such file or directory"
_MESH: Final = ("--meshConfigFile", "testdata/mesh-config.yaml")
_VALUES: Final = ("--valuesFile", "testdata/inject-values.yaml")
_OPERATOR: Final = ("--operatorFileName", "testdata/istio-operator.yaml")


def command_cases(directory: Path) -> Iterator[Case]:
    """Yield the cases whose files a checkout has."""
    folder = next((name for name in FOLDERS if (directory / name / "testdata/mesh-config.yaml").is_file()), "")
    if not folder:
        return
    commands = _Commands(directory, folder)
    yield from commands.kube_inject()
    yield from commands.kube_uninject()


class _Commands:
    def __init__(self, directory: Path, folder: str) -> None:
        self._directory = directory
        self._folder = folder

    def _has(self, name: str) -> bool:
        return (self._directory / self._folder / name).is_file()

    def _case(self, test: str, mode: str, arguments: list[str], golden: str, error: str = "") -> Case:
        command = "kube-inject" if mode == "cli" else "experimental kube-uninject"
        params: dict[str, Any] = {"args": arguments, "command": command, "cwd": self._folder, "files": {}}
        name = golden.rpartition("/")[2] or "error"
        return Case(
            id=f"{test}/{name} {' '.join(arguments)}".rstrip(),
            mode=mode,
            input=None,
            expected=f"{self._folder}/{golden}" if golden else None,
            expected_error=error or None,
            config=None,
            compare="error-contains" if error else "text",
            mesh={"base": "go-defaults", "set": {}},
            values={},
            params=params,
        )

    def kube_inject(self) -> Iterator[Case]:
        yield self._case("TestKubeInject", "cli", [], "", _NO_FILE)
        yield self._case("TestKubeInject", "cli", ["-f", "missing.yaml"], "", _MISSING)
        values = _VALUES if self._has(_VALUES[1]) else ()
        for config, source in (
            ("inject-config.yaml", "hello.yaml"),
            ("inject-config-inline.yaml", "hello.yaml"),
            ("inject-config.yaml", "hello-with-proxyconfig-anno.yaml"),
        ):
            yield from self._with_config([*_MESH], f"testdata/{config}", source, "injected", values)
        if self._has(_OPERATOR[1]):
            for config, more in (
                ("inject-config-iop.yaml", ()),
                ("inject-config-inline-iop.yaml", ()),
                ("inject-config-iop.yaml", ("-f", "testdata/deployment/hello.yaml", *_VALUES)),
            ):
                yield from self._with_config([*_OPERATOR], f"testdata/{config}", "hello.yaml", "iop.injected", more)

    def _with_config(
        self, first: list[str], config: str, source: str, ending: str, more: tuple[str, ...]
    ) -> Iterator[Case]:
        golden = f"testdata/deployment/{source}.{ending}"
        if self._has(config) and self._has(golden):
            words = [*first, "--injectConfigFile", config, "-f", f"testdata/deployment/{source}", *more]
            yield self._case("TestKubeInject", "cli", words, golden)

    def kube_uninject(self) -> Iterator[Case]:
        inputs = sorted((self._directory / self._folder / "testdata/uninject").glob("*.yaml.injected"))
        if not inputs:
            return
        yield self._case("TestKubeUninject", "uninject", [], "", _NO_FILE)
        yield self._case("TestKubeUninject", "uninject", ["-f", "missing.yaml"], "", _MISSING)
        names = [f"testdata/uninject/{path.name}" for path in inputs]
        for source, golden in [
            *((name, name.removesuffix(".injected")) for name in names),
            ("testdata/uninject/hello.yaml",) * 2,
        ]:
            if self._has(golden):
                yield self._case("TestKubeUninject", "uninject", ["-f", source], golden)
