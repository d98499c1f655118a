"""The commands of README.md, run as they stand there, but for the server; its table of commands, and the links of all pages."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.loopback


def _commands(text: str) -> list[str]:
    block = text.partition("## Use")[2].partition("```bash\n")[2].partition("```")[0]
    return [line for line in block.replace("\\\n", " ").splitlines() if line.startswith("remora ")]


def test_the_commands_of_the_page(root: Path, tmp_path: Path) -> None:  # takes several seconds
    folder = tmp_path / "examples"
    shutil.copytree(root / "deploy" / "examples", folder)
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    commands = _commands((root / "README.md").read_text())
    assert len(commands) == 5
    for command in commands:
        if " serve " not in command:
            done = subprocess.run(
                ["bash", "-ec", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    assert "name: istio-proxy" in (folder / "greeter-injected.yaml").read_text()
    assert (folder / "certs" / "key.pem").exists()


def test_every_command_is_named(root: Path) -> None:
    from webhook.cli.root import COMMANDS

    table = (root / "README.md").read_text().partition("| command |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`([a-z-]+)`", table)) == set(COMMANDS)


def test_the_links_lead_somewhere(root: Path) -> None:
    pages = [root / "README.md", *(root / "docs").rglob("*.md")]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text())]
    assert links
    assert [link for page, link in links if not (page.parent / link).exists()] == []
