"""An installation of several nodes behind nginx, set up as docs/operations.md says, each a process of its own."""

import os
import ssl
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from ipaddress import ip_address
from itertools import cycle
from pathlib import Path
from typing import IO, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.served import ROOT, _free_port
from tests.torture import documented
from tests.torture.children import Broken
from tests.torture.server import Client, Server

WEB: Final = (8001, 8002)
WORKERS: Final = (8101, 8102)
_PATIENCE: Final = 10.0
_MAIN: Final = """daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; {user}
events {{ worker_connections 256; }}
http {{
access_log off; client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2;
fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
{site}
}}
"""


@dataclass
class Node(Server):
    """A node as its unit starts it; `kind` is web or worker."""

    kind: str = "web"
    planted: tuple[str, ...] = ()

    def _arguments(self) -> Sequence[str]:
        return documented.command(self.kind, self.port)

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **self.environment}

    def _log(self) -> IO[str]:
        return (self.home.parent / f"{self.name}.log").open("a", encoding="utf-8")

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.port}"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid


class Passing(Client):
    """Somebody who asks one node after the other, as a proxy would: where there is no nginx."""

    def __init__(self, ports: Sequence[int], token: str, *, patience: float) -> None:
        super().__init__(ports[0], token, patience=patience)
        self._ports = cycle(ports)
        self.headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}

    def _connection(self) -> HTTPConnection:
        self.port = next(self._ports)
        return super()._connection()


class Installation:
    """Two nodes of each kind over one database, with nginx before those that serve."""

    def __init__(self, folder: Path, url: str, smtp_port: int, *, planted: Sequence[str] = ()) -> None:
        self.folder = folder
        home = folder / "home"
        home.mkdir(mode=0o700)
        settings = documented.environment(
            LIENTHONG_HOME=str(home),
            LIENTHONG_DATABASE_URL=url,
            LIENTHONG_SECRET_KEY=os.urandom(24).hex(),
            # A relay on this machine: neither TLS nor a password.
            LIENTHONG_SMTP_URL=f"relay://127.0.0.1:{smtp_port}",
        )
        self.ports = {documented: _free_port() for documented in (*WEB, *WORKERS)}
        modules = ", ".join(planted) or None
        self.nodes = [
            Node(home, url, modules, settings, self.ports[port], kind="web" if port in WEB else "worker")
            for port in self.ports
        ]
        self.port = _free_port()
        self._nginx: subprocess.Popen[bytes] | None = None

    @property
    def is_proxied(self) -> bool:
        return self._nginx is not None

    def client(self, token: str, *, patience: float = _PATIENCE) -> Client:
        """Return a person at a program that reaches some web node."""
        if self._nginx is None:
            return Passing([node.port for node in self.of_kind("web")], token, patience=patience)
        return Client(self.port, token, patience=patience, trust=self.trust)

    def of_kind(self, kind: str) -> list[Node]:
        """Return the nodes that serve (web), or those that only work (worker)."""
        return [node for node in self.nodes if node.kind == kind]

    def start(self, nginx: str | None) -> None:
        """Start everything at once, as a machine that boots does; without nginx clients go from node to node."""
        starting = [node.begin() for node in self.nodes]
        if nginx is not None:
            self._start_nginx(nginx)
        for begun in starting:
            begun()

    def _start_nginx(self, program: str) -> None:
        certificate, key = _certificate(self.folder)
        self.trust = ssl.create_default_context(cafile=certificate)
        ports = {port: self.ports[port] for port in WEB}
        site = documented.nginx(listens=self.port, ports=ports, certificate=certificate, key=key)
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(_MAIN.format(folder=self.folder, user=user, site=site), "utf-8")
        with (self.folder / "nginx.out").open("ab") as out:
            command = [program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
            self._nginx = subprocess.Popen(command, stdout=out, stderr=out)
        until = time.monotonic() + _PATIENCE
        while not (self.folder / "nginx.pid").exists():
            if time.monotonic() > until or (self._nginx is not None and self._nginx.poll() is not None):
                raise Broken(f"nginx did not start: {(self.folder / 'nginx.out').read_text()}")
            time.sleep(0.05)

    def stop(self) -> dict[str, int]:
        """Tell every node to stop; return their exit codes."""
        codes = {node.name: _code(node) for node in self.nodes if node.process is not None}
        self._end_nginx()
        return codes

    def kill(self) -> None:
        """End whatever still runs."""
        for node in self.nodes:
            node.kill()
        self._end_nginx()

    def _end_nginx(self) -> None:
        if self._nginx is not None and self._nginx.poll() is None:
            self._nginx.terminate()
            self._nginx.wait(_PATIENCE)
        self._nginx = None


def _code(node: Node) -> int:
    try:
        return node.stop()
    except subprocess.TimeoutExpired:
        return -1  # it never ended


def _certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for this machine that nobody but the trial trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lienthong.example")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "lienthong.pem", folder / "lienthong.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain))
    return certificate, secret
