"""Settings of the server: flags win over the environment, the environment over a file, a file over the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, Final


class SettingsError(Exception):
    """A setting has a value that cannot be used; the text names the setting, where it came from and the remedy."""


def _setting(flag: str, default: Any, words: str, choices: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"flag": flag, "help": words, "choices": choices})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the server can be told; a field's name is also that of its variable: REMORA_INJECT_CONFIG_FILE."""

    inject_config_file: str = _setting(
        "injectConfigFile",
        "",
        "Injector configuration: a ConfigMap, its config document, or a mounted folder. Default: embedded.",
    )
    mesh_config_file: str = _setting(
        "meshConfigFile", "", "Mesh configuration: the ConfigMap istio, or its mesh document."
    )
    values_file: str = _setting("valuesFile", "", "Values document of the injector ConfigMap.")
    proxy_config_file: str = _setting(
        "proxyConfigFile", "", "Manifests of the cluster's ProxyConfig resources, which count since Istio 1.13."
    )
    release: str = _setting("release", "", "Istio release to behave as, for example 0.8.0. Default: detected.")
    bind: str = _setting("bind", "0.0.0.0:9443", "Address and port to listen on.")
    cert: str = _setting("cert", "", "Certificate chain of the server (PEM).")
    key: str = _setting("key", "", "Private key of the certificate (PEM).")
    dev_tls: bool = _setting("dev-tls", False, "Make a throw-away certificate at start.")
    workers: int = _setting("workers", 2, "Worker processes.")
    connections: int = _setting("connections", 1000, "Connections a worker holds open at most.")
    max_in_flight: int = _setting(
        "maxInFlight", 200, "Reviews a worker answers at once; more are refused with 503 at once."
    )
    keep_alive: int = _setting(
        "keepAlive", 120, "Seconds an idle connection is kept; the API server closes first, at 90."
    )
    drain: float = _setting("drain", 5.0, "Seconds to go on serving, not ready any more, after SIGTERM.")
    grace: int = _setting("grace", 20, "Seconds that running requests get at the end of it.")
    reload_interval: float = _setting("reloadInterval", 1.0, "Seconds between looks at the configuration files.")
    canary_pods: str = _setting(
        "canaryPods", "", "File of Pods (YAML) that a new configuration must inject before it serves."
    )
    min_tls: str = _setting("minTLS", "1.2", "Lowest TLS version.", ("1.2", "1.3"))
    ciphers: str = _setting("ciphers", "", "OpenSSL cipher list for TLS 1.2. Default: OpenSSL's own.")
    client_ca: str = _setting("clientCA", "", "Ask clients for a certificate signed by this CA (PEM).")
    client_names: str = _setting("clientNames", "", "Names a client certificate must have one of, comma-separated.")
    admin_bind: str = _setting("adminBind", "127.0.0.1:15014", "Plain address of metrics and debug pages.")
    debug_pages: bool = _setting("debug", True, "Serve /debug/* on the admin port.")
    runtime_dir: str = _setting(
        "runtimeDir", "", "Folder of the server's own, best in memory. Default: a temporary one."
    )
    revisions: str = _setting(
        "revisions", "", "Further configurations, NAME=FOLDER,…: served under /revisions/NAME/inject."
    )
    config_map: str = _setting(
        "injectConfigMap", "", "NAMESPACE/NAME of an injector ConfigMap to watch through the API instead of a file."
    )
    mesh_config_map: str = _setting("meshConfigMap", "istio", "ConfigMap of the mesh beside the watched one.")
    template_env: str = _setting(
        "templateEnv",
        "ENABLE_*,JWT_POLICY,COMPLIANCE_POLICY",
        "Environment variables that templates and Istio's feature flags may read; * ends a prefix.",
    )
    kubelet: str = _setting("kubeletVersion", "", "Lowest kubelet version of the cluster, for native sidecars.")
    traces: bool = _setting("traces", False, "Send OpenTelemetry spans (extra otel; OTEL_* variables say where).")
    fast: str = _setting(
        "fast", "on", "Inject from skeletons: on, off, or verify each against the plain way.", ("on", "off", "verify")
    )
    verify_every: int = _setting(
        "verifyEvery", 1000, "Compare one injection in so many with the plain way; 0 for none."
    )
    on_error: str = _setting("onError", "deny", "What a failed injection does with the pod.", ("deny", "allow"))
    log_format: str = _setting("logFormat", "json", "Form of the log lines.", ("json", "text"))
    log_level: str = _setting("logLevel", "info", "Lowest level that is logged.", ("debug", "info", "warning", "error"))

    @property
    def host(self) -> str:
        """The address of ``bind``, brackets of an IPv6 address kept."""
        return self.bind.rpartition(":")[0]

    @property
    def port(self) -> int:
        """The port of ``bind``."""
        return int(self.bind.rpartition(":")[2])

    @property
    def admin_host(self) -> str:
        """The address of ``admin_bind``."""
        return self.admin_bind.rpartition(":")[0]

    @property
    def admin_port(self) -> int:
        """The port of ``admin_bind``."""
        return int(self.admin_bind.rpartition(":")[2])


def visible_environment(settings: Settings, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that templates may see."""
    names = [name.strip() for name in settings.template_env.split(",") if name.strip()]
    return {
        key: value
        for key, value in environment.items()
        if any(key.startswith(name[:-1]) if name.endswith("*") else key == name for name in names)
    }


FIELDS: Final[tuple[Field[Any], ...]] = fields(Settings)


def variable_of(setting: Field[Any]) -> str:
    """Return the environment variable of a setting: REMORA_ and the field's name in capitals."""
    return f"REMORA_{setting.name.upper()}"


def settings_from(
    flags: Mapping[str, Any], environment: Mapping[str, str], document: Mapping[str, Any] | None = None
) -> Settings:
    """Join the sources into settings.

    Args:
        flags: by field name, only those that were given.
        environment: variables of the process.
        document: content of a settings file, by flag name.

    Raises:
        SettingsError: a value cannot be used, or the file has a key that is no setting.
    """
    document = document or {}
    _refuse_unknown(document)
    values: dict[str, Any] = {}
    for setting in FIELDS:
        flag = setting.metadata["flag"]
        if setting.name in flags:
            values[setting.name] = _convert(setting, flags[setting.name], f"--{flag}")
        elif environment.get(variable_of(setting)):
            values[setting.name] = _convert(setting, environment[variable_of(setting)], variable_of(setting))
        elif flag in document:
            values[setting.name] = _convert(setting, document[flag], f"{flag} in the settings file")
    return _checked(Settings(**values))


def _refuse_unknown(document: Mapping[str, Any]) -> None:
    known = sorted(f.metadata["flag"] for f in FIELDS)
    for key in document:
        if key not in known:
            raise SettingsError(
                f"the settings file has the key {key!r}, which is no setting; there are {', '.join(known)}"
            )


def _convert(setting: Field[Any], value: Any, origin: str) -> Any:
    wanted = type(setting.default)
    choices = setting.metadata["choices"]
    if choices and value not in choices:
        raise SettingsError(f"{origin} is {value!r}, but must be one of {', '.join(choices)}")
    if isinstance(value, wanted) and not (wanted is int and isinstance(value, bool)):
        return value
    try:
        return _parse(wanted, str(value))
    except ValueError:
        raise SettingsError(f"{origin} is {value!r}, but must be {_NOUNS[wanted]}") from None


_NOUNS: Final = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
_BOOLEANS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def _parse(wanted: type, text: str) -> Any:
    if wanted is bool:
        if text.lower() not in _BOOLEANS:
            raise ValueError(text)
        return _BOOLEANS[text.lower()]
    return wanted(text)


def _checked(settings: Settings) -> Settings:
    for flag, bind in (("bind", settings.bind), ("adminBind", settings.admin_bind)):
        host, colon, port = bind.rpartition(":")
        if not colon or not host or not port.isdecimal() or int(port) > 65535:
            raise SettingsError(f"--{flag} is {bind!r}, but must be HOST:PORT, for example 0.0.0.0:9443")
    if bool(settings.cert) != bool(settings.key):
        raise SettingsError("--cert and --key belong together: give both, or neither")
    if not settings.cert and not settings.dev_tls:
        raise SettingsError(
            "the API server only talks TLS: give --cert and --key, or --dev-tls for a throw-away certificate"
        )
    if settings.workers < 1:
        raise SettingsError("--workers must be 1 or more")
    return settings
