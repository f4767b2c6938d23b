"""What docs/operations.md says about several nodes, taken out of it, so that it is tried as it is written."""

import re
import shutil
from pathlib import Path
from typing import Final

from tests.served import ROOT
from tests.torture.trial import NotRun

PROGRAM: Final = "/opt/lienthong/bin/lienthong"
_BLOCK: Final = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def blocks(section: str, language: str) -> list[str]:
    """Return what stands in a section, word for word: its blocks in a language."""
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    _, heading, rest = text.partition(f"\n## {section}\n")
    assert heading, f"docs/operations.md has no section {section}"
    return [body for name, body in _BLOCK.findall(rest.partition("\n## ")[0]) if name == language]


def environment(**changed: str) -> dict[str, str]:
    """Return the settings of every node, with the values that each installation has of its own."""
    lines = blocks("Several nodes", "sh")[0].split()
    settings = dict(line.split("=", 1) for line in lines)
    unknown = set(changed) - set(settings)
    assert not unknown, f"docs/operations.md does not name {unknown}"
    return {**settings, **changed}


def units() -> dict[str, str]:
    """Return the units of systemd by what they run: web, worker."""
    web, worker = blocks("Several nodes", "ini")
    return {"web": web, "worker": worker}


def command(kind: str, port: int) -> list[str]:
    """Return the arguments with which systemd starts a node on a port."""
    line = next(line for line in units()[kind].splitlines() if line.startswith("ExecStart="))
    program, *arguments = line.removeprefix("ExecStart=").replace("%i", str(port)).split()
    assert program == PROGRAM
    return arguments


def nginx(*, listens: int, ports: dict[int, int], certificate: Path, key: Path) -> str:
    """Return the configuration of nginx for several nodes, with other ports and files than the documented ones."""
    whole, upstream = blocks("One machine", "nginx")[0], blocks("Several nodes", "nginx")[0]
    text = re.sub(r"upstream lienthong \{[^}]*\}\n", upstream, whole, count=1)
    changes = {f"127.0.0.1:{documented}": f"127.0.0.1:{port}" for documented, port in ports.items()}
    changes |= {"listen 443 ": f"listen 127.0.0.1:{listens} "}
    changes |= {"/etc/ssl/lienthong.pem": str(certificate), "/etc/ssl/private/lienthong.key": str(key)}
    for documented, ours in changes.items():
        assert documented in text, f"docs/operations.md does not say {documented}"
        text = text.replace(documented, ours)
    return text


def found(name: str) -> str | None:
    """Return where a program is, if it is there; those of administrators are not in everybody's path."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")


def program(name: str) -> str:
    """Return where a program is; NotRun where it is not."""
    there = found(name)
    if there is None:
        raise NotRun(f"{name} is not installed")
    return there
