"""Everything that changed between Istio releases, as one frozen Release value and the table behind it.

The table is the class itself: each feature has a sentence and its values by first version, patches included, since
behaviour is backported. Steps ask ``release.feature`` and never compare versions. What Istio reads from its
environment is a setting, not a feature. Sources: the reference documents of the injector, 0.5 to 1.8 and 1.9 to 1.31,
errata included.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Literal, NoReturn

from webhook.config.timeline import Feature, by_release, features_of, values_at
from webhook.kube import yaml
from webhook.kube.workloads import Era
from webhook.mesh.rules import rules_of
from webhook.mesh.versions import NEWEST_PATCH, Version, at, parse_version, since, until

_SPRIG_FREE_0_6: Final = ("formatDuration",)
_FUNCTIONS_0_8: Final = (*_SPRIG_FREE_0_6, "isset")
_FUNCTIONS_1_0_3: Final = (
    *_FUNCTIONS_0_8, "excludeInboundPort", "includeInboundPorts", "applicationPorts", "annotation", "toJson",
)  # fmt: skip
_FUNCTIONS_1_1: Final = (
    *_FUNCTIONS_1_0_3, "kubevirtInterfaces", "valueOrDefault", "toJSON", "fromJSON", "toYaml", "indent", "directory",
)  # fmt: skip
_FUNCTIONS_1_2: Final = (*_FUNCTIONS_1_1, "contains", "render")
_FUNCTIONS_1_3: Final = (*_FUNCTIONS_1_2, "structToJSON", "toLower")
_FUNCTIONS_1_4: Final = (*_FUNCTIONS_1_3, "protoToJSON")
_FUNCTIONS_1_5: Final = (*_FUNCTIONS_1_4, "env")
_FUNCTIONS_1_8: Final = (*_FUNCTIONS_1_5, "appendMultusNetwork")
_FUNCTIONS_1_14: Final = tuple(name for name in _FUNCTIONS_1_8 if name != "render")
_FUNCTIONS_1_15: Final = (*_FUNCTIONS_1_14, "excludeInterfaces")
_FUNCTIONS_1_18: Final = (*_FUNCTIONS_1_15, "omit", "strdict", "toJsonMap")
_FUNCTIONS_1_19: Final = tuple(name for name in _FUNCTIONS_1_18 if name != "toJson")
_FUNCTIONS_1_21: Final = (*_FUNCTIONS_1_19, "mergeMaps")
_FUNCTIONS_1_28_1: Final = (*_FUNCTIONS_1_21, "omitNil")  # with the null values of resources, for the last patches
_FUNCTIONS_1_30: Final = (*_FUNCTIONS_1_28_1, "otelResourceAttributes")

_OVERLAY_0_5: Final = ("initContainers", "containers", "volumes")
_OVERLAY_0_8: Final = (*_OVERLAY_0_5, "imagePullSecrets")
_OVERLAY_1_1: Final = ("rewriteAppHTTPProbe", *_OVERLAY_0_5, "dnsConfig", "imagePullSecrets")
_OVERLAY_1_3: Final = (*_OVERLAY_1_1, "podRedirectAnnot")
_OVERLAY_1_7: Final = (*_OVERLAY_1_3, "holdApplicationUntilProxyStarts")

_DATA_0_5: Final = ("ObjectMeta", "Spec", "ProxyConfig", "MeshConfig")
_DATA_1_1: Final = ("DeploymentMeta", *_DATA_0_5)
_DATA_1_2: Final = (*_DATA_1_1, "Values")
_DATA_1_3: Final = ("TypeMeta", *_DATA_1_2)
_DATA_1_9: Final = (*_DATA_1_3, "Revision")
_DATA_1_11: Final = (*_DATA_1_9, "EstimatedConcurrency")
_DATA_1_13: Final = (*_DATA_1_11, "ProxyImage")
_DATA_1_18: Final = (*_DATA_1_9, "ProxyImage")
_DATA_1_19_1: Final = (*_DATA_1_18, "CompliancePolicy")
_DATA_1_20: Final = (*_DATA_1_18, "ProxyUID", "ProxyGID", "CompliancePolicy")
_DATA_1_22: Final = (*_DATA_1_20, "InboundTrafficPolicyMode")
_DATA_1_27: Final = (*_DATA_1_22, "NativeSidecars")
_DATA_1_31: Final = (*_DATA_1_27, "ProxyInitImage")

_TRAFFIC: Final = "traffic.sidecar.istio.io/"
_READINESS: Final = "readiness.status.sidecar.istio.io/"
_CHECKED_0_8: Final = (
    "sidecar.istio.io/interceptionMode", _TRAFFIC + "includeOutboundIPRanges", _TRAFFIC + "excludeOutboundIPRanges",
    _TRAFFIC + "includeInboundPorts", _TRAFFIC + "excludeInboundPorts",
)  # fmt: skip
_CHECKED_1_0_3: Final = (
    "status.sidecar.istio.io/port", _READINESS + "initialDelaySeconds", _READINESS + "periodSeconds",
    _READINESS + "failureThreshold", *_CHECKED_0_8,
)  # fmt: skip
_CHECKED_1_2: Final = (
    *_CHECKED_1_0_3, _TRAFFIC + "excludeOutboundPorts", "sidecar.istio.io/rewriteAppHTTPProbers",
)  # fmt: skip
_CHECKED_1_5: Final = (*_CHECKED_1_2, "sidecar.istio.io/enableCoreDump")
_CHECKED_1_6_0: Final = (*_CHECKED_1_5, "prometheus.istio.io/merge-metrics", "istio.io/proxyConfig")
_CHECKED_1_6: Final = (*_CHECKED_1_6_0[:-1], "proxy.istio.io/config")
_CHECKED_1_9: Final = tuple(name for name in _CHECKED_1_6 if name != "sidecar.istio.io/rewriteAppHTTPProbers")
_CHECKED_1_25: Final = tuple(name for name in _CHECKED_1_9 if name != "sidecar.istio.io/enableCoreDump")
_CHECKED_1_29: Final = (
    *_CHECKED_1_25, *(f"sidecar.istio.io/proxy{what}" for what in ("CPU", "CPULimit", "Memory", "MemoryLimit")),
)  # fmt: skip
_CHECKED_1_30: Final = (
    *_CHECKED_1_29, _TRAFFIC + "excludeInterfaces", _TRAFFIC + "kubevirtInterfaces",
    "istio.io/reroute-virtual-interfaces",
)  # fmt: skip

FsGroup = Literal["no", "with token mount", "with sds path", "in existing context", "legacy on", "legacy off"]

_SYSTEM: Final = ("kube-system", "kube-public")
_RUN_AS_BACKPORTS: Final = ("1.20.8", "1.21.6", "1.22.8")
_DEPRECATED_1_24: Final = (
    "sidecar.istio.io/discoveryAddress", "sidecar.istio.io/extraStatTags", "sidecar.istio.io/statsInclusionPrefixes",
    "sidecar.istio.io/statsInclusionRegexps", "sidecar.istio.io/statsInclusionSuffixes",
)  # fmt: skip
_DEPRECATED_1_30: Final = (
    *_DEPRECATED_1_24, "sidecar.istio.io/statsCompression", _TRAFFIC + "kubevirtInterfaces",
)  # fmt: skip


class Release:
    """One Istio release: its version, and what it does where releases differ; one object a version, compared by identity."""

    def __init__(self, version: str, features: Mapping[str, Any]) -> None:
        self.__dict__.update(features, version=version)

    version: str

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{self!r} never changes")

    # libraries
    go_version: str = by_release(
        "The Go release the injector was built with; it decides what templates and numbers do in small ways.",
        {
            "0.5.0": "1.9", "1.0.0": "1.10", "1.1.0": "1.11", "1.2.0": "1.12", "1.4.0": "1.13", "1.6.0": "1.14",
            "1.8.0": "1.15", "1.10.0": "1.16", "1.13.0": "1.17", "1.15.0": "1.18", "1.16.0": "1.19", "1.18.0": "1.20",
            "1.20.0": "1.21", "1.22.0": "1.22", "1.25.0": "1.23", "1.26.0": "1.24", "1.29.0": "1.25", "1.31.0": "1.26",
        },
    )  # fmt: skip
    kube_version: str = by_release(
        "The version of the Kubernetes API types: it decides which fields of a pod survive.",
        {
            "0.5.0": "1.9", "0.8.0": "1.10", "1.2.0": "1.13", "1.4.0": "1.16", "1.5.0": "1.17", "1.6.0": "1.18",
            "1.8.0": "1.19", "1.9.0": "1.20", "1.11.0": "1.21", "1.12.0": "1.22", "1.13.0": "1.23", "1.15.0": "1.24",
            "1.16.0": "1.25", "1.17.0": "1.26", "1.18.0": "1.27", "1.19.0": "1.28", "1.21.0": "1.29", "1.22.0": "1.30",
            "1.24.0": "1.31", "1.25.0": "1.32", "1.27.0": "1.33", "1.28.0": "1.34", "1.29.0": "1.35", "1.31.0": "1.36",
        },
    )  # fmt: skip
    yaml_dialect: yaml.Dialect = by_release(
        "The YAML libraries: what scalars mean, how output is quoted and folded, how errors are worded.",
        {
            "0.5.0": yaml.YAML_V2_0, "0.8.0": yaml.YAML_V2_2, "1.3.0": yaml.YAML_V2_2_2, "1.4.0": yaml.YAML_V2_2_4,
            "1.7.0": yaml.YAML_V2_3, "1.10.0": yaml.YAML_V2_4, "1.12.0": yaml.SIGS_V1_3, "1.24.0": yaml.SIGS_V1_4,
        },
    )  # fmt: skip
    sprig: str = by_release(
        "The version of Sprig whose functions templates may call besides the injector's own; empty for none.",
        {"0.5.0": "", "1.8.0": "3.1", "1.9.0": "3.2", "1.24.0": "3.3"},
    )

    # configuration
    config_map_name: str = by_release(
        "The ConfigMap that holds the injection template.",
        {"0.5.0": "istio-inject", "0.8.0": "istio-sidecar-injector"},
    )
    delimiters: tuple[str, str] = by_release(
        "The delimiters of actions in the pod template.",
        {"0.5.0": ("{{", "}}"), "0.8.0": ("[[", "]]"), "1.2.0": ("{{", "}}")},
    )
    functions: tuple[str, ...] = by_release(
        "The functions the injector registers for templates; they win over Sprig's of the same name.",
        {
            "0.5.0": (), "0.6.0": _SPRIG_FREE_0_6, "0.8.0": _FUNCTIONS_0_8, "1.0.3": _FUNCTIONS_1_0_3,
            "1.1.0": _FUNCTIONS_1_1, "1.2.0": _FUNCTIONS_1_2, "1.3.0": _FUNCTIONS_1_3, "1.4.0": _FUNCTIONS_1_4,
            "1.5.0": _FUNCTIONS_1_5, "1.8.0": _FUNCTIONS_1_8, "1.14.0": _FUNCTIONS_1_14, "1.15.0": _FUNCTIONS_1_15,
            "1.18.0": _FUNCTIONS_1_18, "1.19.0": _FUNCTIONS_1_19, "1.21.0": _FUNCTIONS_1_21,
            "1.28.1": _FUNCTIONS_1_28_1, "1.29.0": _FUNCTIONS_1_21, "1.29.1": _FUNCTIONS_1_28_1, "1.30.0": _FUNCTIONS_1_30,
        },
    )  # fmt: skip
    template_data: tuple[str, ...] = by_release(
        "The members of the data a template is executed on.",
        {
            "0.5.0": _DATA_0_5, "1.1.0": _DATA_1_1, "1.2.0": _DATA_1_2, "1.3.0": _DATA_1_3, "1.9.0": _DATA_1_9,
            "1.11.0": _DATA_1_11, "1.13.0": _DATA_1_13, "1.18.0": _DATA_1_18, "1.19.1": _DATA_1_19_1,
            "1.20.0": _DATA_1_20, "1.22.0": _DATA_1_22, "1.27.0": _DATA_1_27, "1.31.0": _DATA_1_31,
        },
    )  # fmt: skip
    template_meta: Literal["pointers", "values", "values and a name"] = by_release(
        "TypeMeta and DeploymentMeta are pointers, then values; DeploymentMeta is then just namespace and name.",
        {"0.5.0": "pointers", "1.11.0": "values", "1.22.0": "values and a name"},
    )
    template_pod_is_pointer: bool = by_release(
        "ObjectMeta and Spec of the data are pointers; since then they are values.", until("1.8")
    )
    old_port_lists: bool = by_release("The lists of container ports have UDP and SCTP ports in them.", until("1.3"))
    values_default_is_text: bool = by_release("valueOrDefault takes and gives strings only.", until("1.1"))
    has_values: bool = by_release("Templates read chart values from a document of their own.", since("1.2.0"))
    has_selectors: bool = by_release("neverInjectSelector and alwaysInjectSelector decide by labels.", since("1.1.0"))
    has_injected_annotations: bool = by_release("injectedAnnotations go on every injected pod.", since("1.4.0"))
    named_templates: bool = by_release(
        "The configuration holds several named templates, defaultTemplates and aliases; `template` is not read.",
        since("1.9.0"),
    )
    parses_templates_at_load: bool = by_release(
        "One template that does not parse refuses the configuration; before, a template is parsed when used.",
        since("1.14.0"),
    )
    values_parse: Literal["no", "map", "typed per pod", "typed at load"] = by_release(
        "How the values document is read: not at all, as a map, or also as the typed Values message, and when.",
        {"0.5.0": "no", "1.2.0": "map", "1.8.0": "typed per pod", "1.14.0": "typed at load"},
    )
    values_must_parse: bool = by_release("Values that did not parse make every injection fail.", since("1.23.0"))

    # decision
    ignored_namespaces: tuple[str, ...] = by_release(
        "Namespaces that are never injected.",
        {"0.5.0": _SYSTEM, "1.9.0": (*_SYSTEM, "kube-node-lease", "local-path-storage")},
    )
    namespace_from_request: bool = by_release(
        "A pod without namespace takes that of the admission request, before anything is decided.", since("1.1.0")
    )
    label_beats_annotation: bool = by_release(
        "The label sidecar.istio.io/inject, where present, is read instead of the annotation.", since("1.12.0")
    )
    inject_words: Literal["lenient", "strict"] = by_release(
        "lenient: y, yes, true, on in any case inject and other words do not; strict: only true and false count.",
        {"0.5.0": "lenient", "1.27.0": "strict"},
    )
    kube_inject_decides: bool = by_release(
        "kube-inject asks whether a pod is to be injected; before, it injects regardless of the annotation.",
        since("1.8.0"),
    )
    kube_inject_skips_injected: Literal["never", "by containers", "by status"] = by_release(
        "When kube-inject leaves a pod alone that has istio-proxy and another container already.",
        {"0.5.0": "never", "1.2.0": "by containers", "1.9.0": "by status", "1.17.0": "never"},
    )

    # annotations
    annotation_validation: Literal["none", "sequence", "registry", "map"] = by_release(
        "How annotations are checked: not; in order up to the first failure; all in order; those the pod has.",
        {"0.5.0": "none", "0.8.0": "sequence", "1.0.3": "registry", "1.2.0": "map"},
    )
    validated_annotations: tuple[str, ...] = by_release(
        "The annotations whose values are checked, in the order in which they are.",
        {
            "0.5.0": (), "0.8.0": _CHECKED_0_8, "1.0.3": _CHECKED_1_0_3,
            "1.1.0": (*_CHECKED_1_0_3, _TRAFFIC + "kubevirtInterfaces"), "1.2.0": _CHECKED_1_2, "1.5.0": _CHECKED_1_5,
            "1.6.0": _CHECKED_1_6_0, "1.6.1": _CHECKED_1_6, "1.9.0": _CHECKED_1_9, "1.25.0": _CHECKED_1_25,
            "1.29.0": _CHECKED_1_29, "1.30.0": _CHECKED_1_30,
        },
    )  # fmt: skip
    deprecated_annotations: tuple[str, ...] = by_release(
        "Annotations that count, but are deprecated in Istio's registry; what it said before 1.24 is not known.",
        {"0.5.0": (), "1.24.0": _DEPRECATED_1_24, "1.30.0": _DEPRECATED_1_30},
    )
    interception_modes: tuple[str, ...] = by_release(
        "Values the interception mode annotation may have.",
        {"0.5.0": ("REDIRECT", "TPROXY"), "1.1.0": ("REDIRECT", "TPROXY", "NONE")},
    )
    ports_are_signed: bool = by_release(
        "Ports in annotations are read as signed 16-bit numbers: 32768 and above are refused.",
        {"0.5.0": False, "0.8.0": True, "1.0.3": False},
    )
    port_errors_show_number: bool = by_release("Errors about a port print it as %d of the failed parse.", until("1.10"))
    cidr_parser: Literal["net", "netip"] = by_release(
        "The parser of address ranges; netip refuses leading zeros and zones.", {"0.5.0": "net", "1.16.0": "netip"}
    )
    proxy_config_annotation: str = by_release(
        "The annotation that changes a pod's proxy configuration; empty where there is none.",
        {"0.5.0": "", "1.6.0": "istio.io/proxyConfig", "1.6.1": "proxy.istio.io/config"},
    )
    proxy_config_is_merged: bool = by_release(
        "The webhook merges defaults, mesh, ProxyConfig resources and the annotation; before, and in kube-inject, given "
        "fields replace whole.",
        since("1.13.0"),
    )
    proxy_config_changes_mesh: bool = by_release(
        "In the webhook the proxy configuration annotation also shows in .MeshConfig; kube-inject always does that.",
        {"0.5.0": False, "1.6.0": True, "1.13.0": False},
    )

    kube_inject_reads_proxy_config_first: bool = by_release(
        "kube-inject refuses a proxy configuration annotation it cannot read before it checks annotations.",
        since("1.13.0"),
    )

    # what a template may give, and how it is applied
    overlay_keys: tuple[str, ...] = by_release(
        "Keys of what a template renders (up to 1.8); from 1.9 on a template renders a pod, and this is empty.",
        {
            "0.5.0": _OVERLAY_0_5, "0.8.0": _OVERLAY_0_8, "1.1.0": _OVERLAY_1_1, "1.3.0": _OVERLAY_1_3,
            "1.7.0": _OVERLAY_1_7, "1.9.0": (),
        },
    )  # fmt: skip
    pull_secrets: bool = by_release("imagePullSecrets are injected, and named in the status.", since("0.8.0"))
    patch_style: Literal["recipe", "diff by index", "diff"] = by_release(
        "The JSON patch: a literal recipe, a difference by list index, a difference in no set order.",
        {"0.5.0": "recipe", "1.9.0": "diff by index", "1.19.0": "diff"},
    )
    kube_inject_style: Literal["edit", "recipe", "merge"] = by_release(
        "How kube-inject changes an object: by editing it, by the webhook's recipe, by the webhook's merge.",
        {"0.5.0": "edit", "1.8.0": "recipe", "1.9.0": "merge"},
    )
    patch_remove_has_value: bool = by_release('Removals of the patch carry a `"value": null`.', until("0.5"))
    patch_applies_defaults: bool = by_release(
        "Injected containers and volumes get the API server's defaults before they go into the patch.", until("1.0")
    )
    copies_service_account_mount: bool = by_release(
        "The patch gives the sidecar the application's mount of the service account.",
        {"0.5.0": False, "1.1.0": True, "1.9.0": False},
    )
    validation_container_is_first: bool = by_release(
        "istio-validation is put before all init containers.", since("1.6.0")
    )
    patches_security_context: bool = by_release(
        "The patch sets the pod's security context, changed or not.", {"0.5.0": False, "1.1.0": True, "1.9.0": False}
    )
    kube_inject_assigns_dns_config: bool = by_release(
        "kube-inject replaces the pod's dnsConfig by the template's, also by none.",
        {"0.5.0": False, "1.1.0": True, "1.8.0": False},
    )
    kube_inject_adds_pull_secrets: bool = by_release(
        "kube-inject injects imagePullSecrets as the webhook does.", since("1.6.3")
    )
    pod_redirect_annotations: bool = by_release(
        "kube-inject makes annotations of the template's podRedirectAnnot.",
        {"0.5.0": False, "1.3.0": True, "1.8.0": False},
    )
    adds_concurrency_arguments: bool = by_release(
        "A sidecar with a CPU limit or request gets --concurrency.", {"0.5.0": False, "1.1.0": True, "1.9.0": False}
    )
    fs_group: FsGroup = by_release(
        "When the pod's fsGroup becomes 1337; `legacy` follows ENABLE_LEGACY_FSGROUP_INJECTION with this default.",
        {
            "0.5.0": "no", "1.1.0": "with token mount", "1.3.0": "with sds path", "1.4.5": "in existing context",
            "1.8.0": "legacy on", "1.15.0": "legacy off", "1.19.0": "no",
        },
    )  # fmt: skip
    hold_source: Literal["no", "values", "values or mesh", "values or annotated mesh"] = by_release(
        "Where holdApplicationUntilProxyStarts is read from, which puts istio-proxy before the other containers; 1.9 "
        "only looks at the mesh of a pod with a proxy configuration annotation.",
        {
            "0.5.0": "no", "1.7.0": "values", "1.8.0": "values or mesh", "1.9.0": "values or annotated mesh",
            "1.10.0": "values or mesh",
        },
    )  # fmt: skip

    # merge
    merge_rules: Literal["none", "json", "map", "map without nulls", "map without directives"] = by_release(
        "The strategic merge: over JSON; over maps; new subtrees lose nulls; and directives as well.",
        {
            "0.5.0": "none", "1.9.0": "json", "1.14.0": "map", "1.15.0": "map without nulls",
            "1.19.0": "map without directives",
        },
    )  # fmt: skip
    merges_template_pod_first: bool = by_release(
        "A rendered template is laid over the template pod before it is laid over the pod.", since("1.19.0")
    )
    integers_become_floats: bool = by_release("Integers above 2^53 lose digits in the merge.", since("1.26.0"))
    strips_injected_pod: bool = by_release(
        "Templates see the pod without what an earlier injection put there.", since("1.9.0")
    )
    overrides_skip_injected: bool = by_release(
        "Containers of an earlier injection are no overrides of the pod's.", since("1.17.0")
    )
    overrides_search_both_lists: bool = by_release(
        "The pod's word on an init container is looked for among its containers too, and the other way round.",
        since("1.19.0"),
    )
    resets_user_of_auto_image: bool = by_release(
        "Overrides with the image auto lose runAsUser and runAsGroup where the template has another user than 1337.",
        {"0.5.0": False, "1.21.0": True, "1.21.6": False, "1.22.0": True, "1.22.8": False},
    )
    adjusts_init_container_user: bool = by_release(
        "A user the pod sets on istio-proxy is carried to the init container's arguments.",
        since("1.23.0", *_RUN_AS_BACKPORTS),
    )

    # names, labels, status
    deployment_meta: Literal["none", "pod", "derived"] = by_release(
        "What the webhook takes for the workload: nothing, the pod itself, what its owner and name tell.",
        {"0.5.0": "none", "1.1.0": "pod", "1.3.0": "derived"},
    )
    workload_namespace_is_pods: bool = by_release(
        "The workload's namespace is the pod's; before, it was that of the admission request.", since("1.8.0")
    )
    replica_set_needs_hash: bool = by_release(
        "A ReplicaSet stands for a Deployment only where the pod has a pod-template-hash.", since("1.8.0")
    )
    cron_job_owner: Literal["", "batch/v1beta1", "batch/v1"] = by_release(
        "A Job with a timestamp in its name stands for a CronJob of this API version; empty: it does not.",
        {"0.5.0": "", "1.6.10": "batch/v1beta1", "1.7.0": "", "1.7.2": "batch/v1beta1", "1.22.0": "batch/v1"},
    )
    cron_job_name: Literal["ten digits", "eight to ten digits"] = by_release(
        "What the end of a CronJob's Job name looks like.", {"0.5.0": "ten digits", "1.13.0": "eight to ten digits"}
    )
    deployment_config_owner: Literal["no", "drops label", "yes"] = by_release(
        "A ReplicationController with a deploymentconfig label stands for a DeploymentConfig.",
        {"0.5.0": "no", "1.13.0": "drops label", "1.22.0": "yes"},
    )
    rollout_owner: bool = by_release(
        "A ReplicaSet with a rollouts-pod-template-hash stands for an Argo Rollout.", since("1.22.0")
    )
    kube_inject_pod_owner: bool = by_release(
        "kube-inject looks at the owners of a bare Pod as the webhook does.", since("1.21.0")
    )
    tls_mode_label: bool = by_release(
        "The injector sets security.istio.io/tlsMode; from 1.9 on the template does.",
        {"0.5.0": False, "1.4.0": True, "1.9.0": False},
    )
    canonical_labels: Literal["no", "webhook", "both"] = by_release(
        "Who sets service.istio.io/canonical-name and -revision; from 1.9 on the template does.",
        {"0.5.0": "no", "1.5.0": "webhook", "1.8.0": "both", "1.9.0": "no"},
    )
    rev_label: bool = by_release(
        "The injector sets the label istio.io/rev; from 1.9 on the template does.",
        {"0.5.0": False, "1.6.0": True, "1.9.0": False},
    )
    network_label: bool = by_release(
        "The label topology.istio.io/network is set where the sidecar has a network.", since("1.8.0")
    )
    status_has_version: bool = by_release("The status annotation names the hash of the template.", until("1.8"))
    status_has_revision: bool = by_release("The status annotation names the revision.", since("1.11.0"))

    # proxy environment
    url_parameters: Literal["no", "cluster and net", "pairs"] = by_release(
        "What the path of a request may say: nothing, cluster and network, any pairs of key and value.",
        {"0.5.0": "no", "1.6.10": "cluster and net", "1.8.0": "pairs"},
    )
    url_env_syntax: bool = by_release("The path may also be written as :ENV:key=value.", since("1.10.0"))
    url_slash_escape: bool = by_release("--slash-- in a path parameter stands for a slash.", since("1.15.0"))
    prometheus_merge: Literal["no", "literal", "sanitised", "targets"] = by_release(
        "Merging of scrape annotations: by literal names, by names with odd characters replaced, with several targets.",
        {"0.5.0": "no", "1.6.0": "literal", "1.13.0": "sanitised", "1.31.0": "targets"},
    )
    kube_inject_merges_metrics: bool = by_release(
        "kube-inject sets the scrape annotations as the webhook does.", since("1.7.0")
    )
    prometheus_merge_default: bool = by_release(
        "Merging is on where neither pod nor mesh says.", {"0.5.0": False, "1.7.0": True}
    )

    # probes
    probe_rewrite: Literal["no", "action", "action over http", "probe by argument", "probe by mesh"] = by_release(
        "Rewriting of probes: the action or the whole probe, with the status port of arguments or of the mesh.",
        {
            "0.5.0": "no", "1.1.0": "action", "1.2.0": "action over http", "1.5.0": "probe by argument",
            "1.6.0": "probe by mesh",
        },
    )  # fmt: skip
    probe_rewrite_annotation: bool = by_release(
        "The annotation sidecar.istio.io/rewriteAppHTTPProbers wins over the configuration.", since("1.2.0")
    )
    rewritten_probes: tuple[str, ...] = by_release(
        "The probes and hooks that are rewritten.",
        {
            "0.5.0": (), "1.1.0": ("readiness", "liveness"), "1.7.0": ("readiness", "liveness", "startup"),
            "1.25.0": ("readiness", "liveness", "startup", "preStop", "postStart"),
        },
    )  # fmt: skip
    rewritten_handlers: tuple[str, ...] = by_release(
        "The kinds of probe that are rewritten.",
        {
            "0.5.0": (), "1.1.0": ("httpGet",), "1.12.0": ("httpGet", "tcpSocket"),
            "1.13.0": ("httpGet", "tcpSocket", "grpc"),
        },
    )  # fmt: skip
    probes_of_init_containers: bool = by_release("Probes of init containers are rewritten too.", since("1.19.0"))
    empty_probers_are_omitted: bool = by_release("Without a probe to list, the sidecar gets no list.", since("1.8.0"))
    probers_of_injected: Literal["replace", "append", "merge", "merge or append"] = by_release(
        "What happens to the list of probes of a pod that was injected before.",
        {"0.5.0": "append", "1.17.0": "merge", "1.27.0": "merge or append"},
    )
    probe_patch_is_first: bool = by_release(
        "Changed probes open the patch instead of closing it.", {"0.5.0": False, "1.7.2": True}
    )

    # sidecar kinds, images, platforms
    native_sidecars: Literal["no", "env", "auto"] = by_release(
        "Whether the sidecar may be an init container: never, as ENABLE_NATIVE_SIDECARS says, or as the nodes allow.",
        {"0.5.0": "no", "1.19.0": "env", "1.27.0": "auto"},
    )
    native_sidecar_annotation: bool = by_release("sidecar.istio.io/nativeSidecar decides for a pod.", since("1.24.0"))
    proxy_image_variant: Literal["none", "config", "values", "values behind empty"] = by_release(
        "Where the image type comes from: nowhere; ProxyConfig; also global.variant; also where it is empty.",
        {"0.5.0": "none", "1.13.0": "config", "1.22.0": "values", "1.31.0": "values behind empty"},
    )
    multus_rule: Literal["no", "splice", "splice once", "splice namespaced"] = by_release(
        "How appendMultusNetwork extends a JSON list of networks.",
        {
            "0.5.0": "no", "1.8.0": "splice", "1.9.0": "splice once", "1.23.6": "splice namespaced",
            "1.24.0": "splice once", "1.24.4": "splice namespaced", "1.25.0": "splice once",
            "1.25.1": "splice namespaced",
        },
    )  # fmt: skip
    openshift: Literal["no", "uid", "uid and containers"] = by_release(
        "What is done on OpenShift: nothing; user and group of the namespace; also the pod's own sidecar is adjusted.",
        {"0.5.0": "no", "1.20.0": "uid", "1.23.6": "uid and containers"},
    )

    # documents and reviews
    workload_era: Era = by_release(
        "The first release with this set of workload kinds and of the Go types they are decoded into.",
        {"0.5.0": "0.5", "0.6.0": "0.6", "1.0.0": "1.0", "1.2.0": "1.2", "1.11.0": "1.11"},
    )
    list_is_injected: bool = by_release("Items of a v1 List are injected one by one.", since("0.6.0"))
    separator_may_have_comment: bool = by_release(
        "A line `--- # text` separates documents, `--- text` is an error; before, both are ordinary lines.",
        since("1.12.0"),
    )
    skip_names_namespace: bool = by_release("Warnings about skipped pods name the namespace.", since("1.13.0"))
    skip_names_kind: bool = by_release("Warnings about skipped pods name the kind.", since("1.13.0"))
    drops_managed_fields: bool = by_release("managedFields of an admitted pod are not looked at.", since("1.12.0"))
    uninject_labels: bool = by_release(
        "kube-uninject marks what it cleaned by a label instead of an annotation.", since("1.18.0")
    )
    uninject_restores_probes: bool = by_release("kube-uninject puts rewritten probes back.", since("1.6.0"))
    uninjected: tuple[tuple[str, tuple[str, ...]], ...] = by_release(
        "What kube-uninject removes besides istio-proxy: names by list of the pod.",
        {
            "0.5.0": (
                ("initContainers", ("istio-init", "enable-core-dump")),
                ("volumes", ("istio-envoy", "istio-certs")),
            ),
            "1.6.0": (
                ("initContainers", ("istio-init", "istio-validation", "enable-core-dump")),
                ("volumes", (
                    "istio-certs", "istio-data", "istio-envoy", "istio-token", "istiod-ca-cert", "istio-podinfo",
                )),
            ),
        },
    )  # fmt: skip
    kube_uninject: bool = by_release("kube-uninject exists.", {"0.5.0": False, "1.0.0": True, "1.19.0": False})

    def changed(self, **features: Any) -> Release:
        """Return the release as it would be with some features of another value."""
        return Release(self.version, {**self.__dict__, **features})

    @property
    def multierror_is_indented(self) -> bool:
        """Lists of errors print with tabs and a closing empty line."""
        return rules_of(self.numbers).multierror_is_indented

    @property
    def numbers(self) -> Version:
        """The version as numbers."""
        return parse_version(self.version)

    def __str__(self) -> str:
        return self.version

    def __repr__(self) -> str:
        return f"<Release {self.version}>"


OLDEST: Final[Version] = (0, 5, 0)
NEWEST: Final[Version] = (1, 31, NEWEST_PATCH)
LAST_PATCHES: Final = (
    "0.5.1", "0.6.0", "0.7.1", "0.8.0", "1.0.9", "1.1.17", "1.2.10", "1.3.8", "1.4.10", "1.5.10", "1.6.14", "1.7.8",
    "1.8.6", "1.9.9", "1.10.6", "1.11.8", "1.12.9", "1.13.9", "1.14.6", "1.15.7", "1.16.7", "1.17.8", "1.18.7",
    "1.19.10", "1.20.8", "1.21.6", "1.22.8", "1.23.6", "1.24.6", "1.25.5", "1.26.8", "1.27.9", "1.28.10", "1.29.6",
    "1.30.3", "1.31.0",
)  # fmt: skip
"""The newest patch of every minor, oldest minor first."""


@cache
def release_of(version: str) -> Release:
    """Return the release a version names: ``0.8.0``, ``1.20.8``, ``1.31.0-rc.0``, or ``1.20`` for its newest patch.

    Raises ValueError for what is no version and for releases outside 0.5 to 1.31.
    """
    parsed = parse_version(version)
    version = version.strip().removeprefix("v")
    if parsed[2] == NEWEST_PATCH:
        version = next((patch for patch in LAST_PATCHES if parse_version(patch)[:2] == parsed[:2]), version)
    if not OLDEST <= parsed <= NEWEST or (parsed[0] == 0 and parsed[1] > 8):
        raise ValueError(f"Istio {version} is not covered: give a release from 0.5 to 1.31")
    return Release(version, values_at(Release, parsed))


def feature_of(name: str) -> Feature:
    """Return a feature by its name; KeyError for a name that is none."""
    found = vars(Release)[name]
    if not isinstance(found, Feature):
        raise KeyError(name)
    return found


def describe(name: str) -> str:
    """Return the sentence of a feature; KeyError for a name that is none."""
    return feature_of(name).sentence


def differences(old: Release, new: Release) -> dict[str, tuple[object, object]]:
    """Return the features in which two releases differ, by name: the old and the new value."""
    pairs = {item.name: (getattr(old, item.name), getattr(new, item.name)) for item in features_of(Release)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def changes_at(name: str) -> tuple[str, ...]:
    """Return the versions at which a feature takes another value."""
    steps = feature_of(name).steps
    return tuple(start for start in steps if at(steps, parse_version(start)) is not None)
