"""Compiled code that one zygote leaves to the next."""

import os

import pytest

from windlass import _code_cache

PATH, SOURCE = "/jobs/mod.py", b"value = 41 + 1"


@pytest.fixture
def cache(monkeypatch):
    """The module as a fresh base has it."""
    monkeypatch.setattr(_code_cache, "_newest", -1)
    monkeypatch.setattr(_code_cache, "_target", -1)
    monkeypatch.setattr(_code_cache, "_before", {})
    monkeypatch.setattr(_code_cache, "_used", {})
    yield _code_cache
    _code_cache._close(_code_cache._newest)


def compiled():
    return compile(SOURCE, PATH, "exec")


def leave(cache, *entries):
    """What a zygote does; its file is the base's newest afterwards."""
    file = cache.begin()
    for_base = os.dup(file)
    cache.load(file)
    found = [cache.find(path, source) for path, source, _ in entries]
    for (path, source, code), known in zip(entries, found):
        if known is None:
            cache.keep(path, source, code)
    cache.save()
    cache.hand_over(for_base)
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


def test_nobody_writes_to_it_afterwards(cache):
    leave(cache, (PATH, SOURCE, compiled()))
    with pytest.raises(PermissionError):
        os.pwrite(cache._newest, b"x", 0)


def test_without_files_in_memory_everything_is_compiled(cache, monkeypatch):
    def refused(name, flags):
        raise OSError("not here")

    monkeypatch.setattr(os, "memfd_create", refused)
    assert cache.begin() == -1
    cache.load(-1)
    cache.keep(PATH, SOURCE, compiled())
    cache.save()
    assert cache._used == {}
