"""Fixtures: a base process for the whole session, and zygotes of sources that a test writes down."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest

#: Of Debian's python3-netaddr, as the build puts it into VENDOR.
NETADDR = Path("/usr/lib/python3/dist-packages/netaddr")
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import host as host_side


@pytest.fixture(scope="session")
def vendor(tmp_path_factory):
    """A folder as VENDOR of the base process, with netaddr, and a stand-in for PyYAML that reads JSON."""
    folder = tmp_path_factory.mktemp("vendor")
    (folder / "netaddr").symlink_to(NETADDR)
    (folder / "yaml.py").write_text("import json\nsafe_load = json.load\n")
    return folder


@pytest.fixture(scope="session")
def shared_host(vendor):
    """One base process for tests that do it no harm."""
    host = host_side.Host(vendor=str(vendor))
    assert host.base.receive()["type"] == "hello"
    yield host
    host.close()


@pytest.fixture
def own_host(vendor):
    """A base process of the test's own."""
    host = host_side.Host(vendor=str(vendor))
    yield host
    host.close()


@pytest.fixture
def write(tmp_path):
    """write({name: source}) → the folder; sources are dedented."""
    folder = tmp_path / "version"
    folder.mkdir()

    def write_files(files):
        for name, source in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(
                source if isinstance(source, bytes) else textwrap.dedent(source).encode()
            )
        return folder

    return write_files


@pytest.fixture
def zygote(shared_host, write):
    """zygote({name: source}, root=…, skip=…) → a zygote that has imported those modules."""
    opened = []

    def make(files, **options):
        opened.append(shared_host.zygote_of(host_side.jobs_root(write(files), **options)))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def child(zygote):
    """child(source) → a child of a zygote with that source as module `mod`."""

    def make(source, **options):
        made = zygote({"mod.py": source}, **options)
        report = made.module("mod")
        assert report["error"] is None, report["error"]["traceback"]
        forked = made.fork()
        forked.zygote = made
        return forked

    return make
