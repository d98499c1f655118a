"""``remora serve``: the admission webhook under gunicorn."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from webhook.cli.exits import BAD_INPUT, USAGE, CliError
from webhook.kube import yaml
from webhook.server.settings import FIELDS, Settings, SettingsError, settings_from, variable_of


def _options(function: Any) -> Any:
    """Add an option for each setting, with its variable named in the help."""
    for setting in reversed(FIELDS):
        flag, words, choices = (setting.metadata[key] for key in ("flag", "help", "choices"))
        kind: Any = click.Choice(choices) if choices else type(setting.default)
        function = click.option(
            f"--{flag}/--no-{flag}" if setting.default is True else f"--{flag}",
            setting.name,
            type=kind,
            is_flag=isinstance(setting.default, bool),
            default=None,
            help=f"{words}{_default(setting.default)} [{variable_of(setting)}]",
        )(function)
    return function


def _default(value: object) -> str:
    return f" Default: {'on' if value is True else value}." if value else ""


@click.command("serve")
@click.option("--config", "config_file", type=click.Path(), help="Settings file (YAML); its keys are these flags.")
@_options
def command(config_file: str | None, **flags: Any) -> int:
    """Serve the admission webhook over TLS until a signal ends it.

    Flags win over environment variables, those over the settings file. Without --injectConfigFile the embedded default
    configuration is served.

    \b
    Examples:
      remora serve --dev-tls --bind 127.0.0.1:9443
      remora serve --injectConfigFile /etc/istio/inject --meshConfigFile /etc/istio/config/mesh \\
          --cert /etc/istio/certs/cert.pem --key /etc/istio/certs/key.pem
    """
    try:
        settings = settings_from(_given(flags), os.environ, _document(config_file))
    except SettingsError as error:
        raise CliError(str(error), USAGE) from error
    return run(settings)


def _given(flags: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in flags.items() if value is not None}


def _document(path: str | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        document = yaml.load(Path(path).read_bytes())
    except (OSError, yaml.YamlError) as error:
        raise CliError(f"the settings file {path} cannot be read: {error}", BAD_INPUT) from error
    if not isinstance(document, dict | None):
        raise CliError(f"the settings file {path} must hold a mapping of settings", BAD_INPUT)
    return document or {}


def run(settings: Settings) -> int:
    """Serve; returns only when the server could not be started."""
    # Before ssl and threading are used anywhere: a worker that patches them later would keep blocking ones.
    from gevent import monkey

    monkey.patch_all()
    from webhook.certificates import CertificateError
    from webhook.config.errors import ConfigError
    from webhook.server.serve import serve

    try:
        serve(settings)
    except (ConfigError, CertificateError, ImportError) as error:
        raise CliError(str(error), BAD_INPUT) from error
    except OSError as error:
        raise CliError(f"{error.filename or settings.bind}: {error.strerror or error}", BAD_INPUT) from error
    return 0
