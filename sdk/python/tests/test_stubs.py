"""The stubs for type checkers name what the modules have that job files find."""

import ast
from pathlib import Path

import pytest

from windlass import _nautobot, jobs

STUBS = Path(__file__).resolve().parents[1] / "stubs"


def stub_of(module):
    place = STUBS.joinpath(*module.split("."))
    return place / "__init__.pyi" if place.is_dir() else place.with_suffix(".pyi")


def names_of(module):
    """What a type checker lets others import from the stub of `module`."""
    names = set()
    for node in ast.parse(stub_of(module).read_text()).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name == "*":
                    names |= set(
                        jobs.__all__ if node.module == "windlass.jobs" else names_of(node.module)
                    )
                elif alias.asname == alias.name:
                    names.add(alias.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            names.add(target.id)
        else:
            assert isinstance(node, ast.Import), ast.dump(node)
    return names


@pytest.mark.parametrize("module", sorted(_nautobot._MODULES))
def test_a_stub_has_the_names_of_its_module(module):
    assert sorted(names_of(module)) == sorted(_nautobot._MODULES[module])


def test_there_is_no_stub_of_a_module_that_does_not_exist():
    found = {
        ".".join(path.relative_to(STUBS).with_suffix("").parts).replace(".__init__", "")
        for path in STUBS.rglob("*.pyi")
    }
    assert found == set(_nautobot._MODULES)
