"""Options that several click commands share."""

from __future__ import annotations

from typing import Any

import click


def config_options(function: Any) -> Any:
    """Add the options that name an injector configuration; without them the embedded default is meant."""
    for option in reversed(
        [
            click.option("--injectConfigFile", "inject_config_file", default="", help="Injector configuration."),
            click.option("--meshConfigFile", "mesh_config_file", default="", help="Mesh configuration."),
            click.option("--valuesFile", "values_file", default="", help="Values document of the injector ConfigMap."),
            click.option(
                "--proxyConfigFile", "proxy_config_file", default="", help="The cluster's ProxyConfig resources."
            ),
            click.option("--release", default="", help="Istio release to behave as. Default: detected."),
        ]
    ):
        function = option(function)
    return function
