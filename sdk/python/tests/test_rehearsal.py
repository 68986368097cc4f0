"""The run for practice leaves nothing behind that a real one could see."""

from windlass import _interrupt, _logging, _registry, _rehearsal, _run


def test_a_rehearsal_runs_to_its_end_and_leaves_nothing_behind(monkeypatch):
    performed, known = [], _registry.paths()
    perform = _rehearsal._lifecycle.perform
    monkeypatch.setattr(
        _rehearsal._lifecycle,
        "perform",
        lambda run: performed.append(perform(run)) or performed[-1],
    )
    _rehearsal.rehearse(3, aloud=True)
    assert len(performed) == 3
    assert all('"status":"SUCCESS"' in text for text in performed)
    assert _registry.paths() == known
    assert _run.current is None
    assert _logging._sink is None
    assert _interrupt._channel is None and not _interrupt._signalled


def test_a_rehearsal_that_goes_wrong_raises_nothing(monkeypatch):
    def perform(run):
        raise ValueError("broken by a job module")

    known = _registry.paths()
    monkeypatch.setattr(_rehearsal._lifecycle, "perform", perform)
    _rehearsal.rehearse(1, aloud=False)
    assert _registry.paths() == known
    assert _interrupt._channel is None
