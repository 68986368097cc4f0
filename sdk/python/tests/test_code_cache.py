"""Compiled code that one zygote leaves to the next."""

import os

import pytest

from windlass import _code_cache

PATH, SOURCE = "/jobs/mod.py", b"value = 41 + 1"


@pytest.fixture
def cache(monkeypatch):
    """The module as a fresh base has it."""
    monkeypatch.setattr(_code_cache, "_files", [])
    monkeypatch.setattr(_code_cache, "_target", -1)
    monkeypatch.setattr(_code_cache, "_before", {})
    monkeypatch.setattr(_code_cache, "_used", {})
    yield _code_cache
    for file in _code_cache._files:
        os.close(file)


def compiled():
    return compile(SOURCE, PATH, "exec")


def leave(cache, *entries, serves=True):
    """What a zygote does, and the base that forked it; returns what the zygote found."""
    file = cache.begin()
    of_base = list(cache._files)
    cache._files[:] = [os.dup(one) for one in of_base]  # as a fork has it
    cache.load(os.dup(file))
    cache._files[:] = of_base
    cache.hand_over(file)
    found = [cache.find(path, source) for path, source, _ in entries]
    for (path, source, code), known in zip(entries, found):
        if known is None:
            cache.keep(path, source, code)
    if serves:
        cache.save()
    else:
        os.close(cache._target)
    cache._target = -1
    cache._before.clear()
    cache._used.clear()
    return found


def test_the_next_zygote_finds_what_has_not_changed(cache):
    assert leave(cache, (PATH, SOURCE, compiled())) == [None]
    (found,) = leave(cache, (PATH, SOURCE, compiled()))
    scope = {}
    exec(found, scope)
    assert scope["value"] == 42
    assert found.co_filename == PATH


def test_other_content_or_another_path_is_compiled_anew(cache):
    leave(cache, (PATH, SOURCE, compiled()))
    changed = (PATH, SOURCE + b"\n", compiled())
    moved = ("/jobs/other.py", SOURCE, compiled())
    assert leave(cache, changed, moved) == [None, None]
    (again,) = leave(cache, changed)
    assert again is not None


def test_what_a_version_does_not_use_is_forgotten(cache):
    leave(cache, (PATH, SOURCE, compiled()))
    leave(cache)
    assert leave(cache, (PATH, SOURCE, compiled())) == [None]


def test_a_zygote_that_ended_before_it_left_anything_costs_its_successor_nothing_but_time(cache):
    cache.hand_over(cache.begin())
    assert leave(cache, (PATH, SOURCE, compiled())) == [None]


def test_a_version_that_does_not_serve_leaves_nothing(cache):
    leave(cache, (PATH, SOURCE, compiled()))
    evil = compile(b"value = 'evil'", PATH, "exec")
    for _ in range(20):
        leave(cache, ("/jobs/bad.py", b"", evil), serves=False)
    (found,) = leave(cache, (PATH, SOURCE, compiled()))
    assert found is not None
    assert leave(cache, ("/jobs/bad.py", b"", evil)) == [None]
    assert len(cache._files) <= cache._MOST_FILES + 1


def test_nobody_writes_to_it_afterwards(cache):
    leave(cache, (PATH, SOURCE, compiled()))
    with pytest.raises(PermissionError):
        os.pwrite(cache._files[-1], b"x", 0)


def test_without_files_in_memory_everything_is_compiled(cache, monkeypatch):
    def refused(name, flags):
        raise OSError("not here")

    monkeypatch.setattr(os, "memfd_create", refused)
    assert cache.begin() == -1
    cache.load(-1)
    cache.keep(PATH, SOURCE, compiled())
    cache.save()
    assert cache._used == {}
