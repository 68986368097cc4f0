"""Fixtures of all Python tests of the program."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from tests.support.server import Windlass  # noqa: E402


@pytest.fixture
def windlass(tmp_path):
    """A home with nothing in it; start() starts the whole product."""
    instance = Windlass(tmp_path / "home")
    yield instance
    instance.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A started installation for the tests of one file that do not disturb one another."""
    instance = Windlass(tmp_path_factory.mktemp("shared") / "home")
    instance.start()
    yield instance
    instance.close()
