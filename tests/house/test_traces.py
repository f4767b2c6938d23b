"""What must not be in the repository: addresses of package indexes, paths of a machine, built files."""

import re
from pathlib import PurePosixPath

from tests.house.code import ROOT, files, text_of

LOCKS = ("requirements*.txt", "package-lock.json", ".npmrc", "uv.toml", "pip.conf", "*.lock")
ADDRESS = re.compile(r"https?://|file://|--(extra-)?index-url|--find-links")
MACHINE = re.compile(r"(^|[^\w.])/(work|farm|root)/", re.MULTILINE)
INDEX_HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "deb.debian" + ".org")
LARGEST = 1_000_000


def locks() -> list[str]:
    return [name for name in files() if any(PurePosixPath(name).match(pattern) for pattern in LOCKS)]


def test_the_locks_are_found() -> None:
    names = {PurePosixPath(name).name for name in locks()}
    assert {"requirements.txt", "requirements-test.txt", "package-lock.json", ".npmrc"} <= names


def test_a_lock_names_no_address() -> None:
    assert [name for name in locks() if ADDRESS.search(text_of(name))] == []


def test_every_locked_package_has_a_hash() -> None:
    for name in locks():
        if name.endswith(".txt"):
            packages = re.split(r"\n(?=\S)", text_of(name).strip())
            assert [package for package in packages if "--hash=sha256:" not in package] == []


def test_no_file_names_a_path_of_a_machine() -> None:
    assert [name for name in files() if not name.endswith(".svg") and MACHINE.search(text_of(name))] == []


def test_no_file_names_the_host_of_a_package_index() -> None:
    assert [(name, host) for name in files() for host in INDEX_HOSTS if host in text_of(name)] == []


def test_install_scripts_of_npm_packages_never_run() -> None:
    settings = text_of("webapp/designer/.npmrc").splitlines()
    assert {"ignore-scripts=true", "omit-lockfile-registry-resolved=true"} <= set(settings)


def test_nothing_big_or_built_is_kept() -> None:
    big = [name for name in files() if (ROOT / name).stat().st_size > LARGEST]
    built = [name for name in files() if "/built/" in name or "node_modules/" in name]
    assert (big, built) == ([], [])
