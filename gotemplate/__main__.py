"""``python -m gotemplate``: render, fmt and lint without the injector. YAML data needs PyYAML, JSON needs nothing."""

from __future__ import annotations

import sys
from typing import Any

from gotemplate.commands import Surroundings, main
from gotemplate.rendering import ReadYaml


def yaml_reader() -> ReadYaml | None:
    """Return a reader of YAML, None without PyYAML. Dates stay text, as for Go's readers of Kubernetes YAML."""
    try:
        import yaml
    except ImportError:
        return None

    class Loader(yaml.SafeLoader):
        """Reads what JSON could say: no dates."""

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in rows if tag != "tag:yaml.org,2002:timestamp"]
        for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def read(content: bytes) -> Any:
        try:
            return yaml.load(content, Loader)
        except yaml.YAMLError as error:
            raise ValueError(str(error)) from None

    return read


if __name__ == "__main__":
    streams = (sys.stdin.buffer, sys.stdout.buffer, sys.stderr.buffer)
    sys.exit(main(sys.argv[1:], Surroundings(streams, yaml_reader(), prog="python -m gotemplate")))
