"""remora try: a real gunicorn with TLS on loopback, one pod through it, and a clean end. Each test takes a second or two."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.loopback
TRY = [sys.executable, "-m", "webhook.cli", "try", "--port", "0"]


def test_the_sample_pod_is_shown(root: Path) -> None:
    done = subprocess.run([*TRY, "--once"], capture_output=True, text=True, timeout=60, cwd=root, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for words in (
        "Remora serves  https://127.0.0.1:",
        "injected: the policy is enabled",
        "after:  greeter, istio-proxy",
    ):
        assert words in done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal_ends_it(root: Path, number: signal.Signals) -> None:
    process = subprocess.Popen(TRY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root)
    assert process.stdout is not None
    for line in process.stdout:
        if "Serving until" in line:
            break
    os.kill(process.pid, number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert "stopped" in out


def test_a_configuration_that_cannot_be_served(root: Path, tmp_path: Path) -> None:
    config = tmp_path / "bad.yaml"
    config.write_text("template: '[[ if ]]'\n")
    done = subprocess.run(
        [*TRY, "--injectConfigFile", str(config)], capture_output=True, text=True, timeout=60, cwd=root, check=False
    )
    assert done.returncode == 3
    assert "missing value for if" in done.stderr
    assert "Traceback" not in done.stderr
