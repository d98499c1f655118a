"""``remora mirror``: follow ConfigMaps through the API into a folder that ``remora serve`` reads as a mounted one."""

from __future__ import annotations

import hashlib
import logging
import os
import time
from pathlib import Path

import click

from webhook.cli.exits import CLUSTER, CliError
from webhook.cluster import Cluster, ClusterError
from webhook.mirror import write_version
from webhook.server.logs import configure_logs

logger = logging.getLogger("remora.mirror")


@click.command("mirror")
@click.option("--injectConfigMap", "inject", required=True, help="NAMESPACE/NAME of the injector's ConfigMap.")
@click.option(
    "--meshConfigMap", "mesh", default="istio", show_default=True, help="ConfigMap of the mesh in that namespace."
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to keep.")
@click.option("--interval", type=float, default=5.0, show_default=True, help="Seconds between two looks.")
@click.option("--once", is_flag=True, help="End after the first look.")
@click.option(
    "-c", "--kubeconfig", default="", help="Kubeconfig file. Default: as kubectl finds it, or the pod's account."
)
@click.option("--context", default="", help="Context of the kubeconfig.")
def command(inject: str, mesh: str, out: Path, interval: float, once: bool, kubeconfig: str, context: str) -> int:
    """Keep a folder with the keys config, values and mesh of the injector's and the mesh's ConfigMap.

    Needs the right to get these two ConfigMaps and no other. When the API cannot be reached the folder stays as it is.
    """
    namespace, slash, name = inject.partition("/")
    if not slash or not namespace or not name:
        raise CliError(f"--injectConfigMap is {inject!r}, but must be NAMESPACE/NAME", 2)
    configure_logs("json", "info")
    cluster = Cluster(kubeconfig, context)
    parent = os.getppid()
    while os.getppid() == parent:  # a server that started this and is gone needs it no more
        try:
            _look(cluster, namespace, name, mesh, out)
        except ClusterError as error:
            if once:
                raise CliError(str(error), CLUSTER) from error
            logger.warning("%s", error)
        if once:
            return 0
        time.sleep(interval)
    return 0


def _look(cluster: Cluster, namespace: str, name: str, mesh: str, out: Path) -> None:
    data = cluster.config_map(namespace, name)
    texts: dict[str, str] = {key: data[key] for key in ("config", "values") if key in data}
    if "config" not in texts:
        raise ClusterError(f"ConfigMap {namespace}/{name} has no key config")
    texts["mesh"] = cluster.config_map(namespace, mesh).get("mesh", "")
    digest = hashlib.sha256(repr(sorted(texts.items())).encode("utf-8", "surrogateescape")).hexdigest()
    if write_version(out, digest[:16], texts):
        logger.info("the ConfigMap %s/%s is in %s", namespace, name, out)
