"""The golden transcripts, replayed against the real runners."""

import pytest

import host as host_side
import native
import transcripts

CPP = transcripts.Language("cpp")


@pytest.fixture
def native_host():
    yield from native.hosts()


@pytest.fixture(scope="module")
def compiler(tmp_path_factory):
    return native.Compiler(tmp_path_factory.mktemp("libraries"))


@pytest.mark.parametrize(
    "path", sorted(transcripts.FOLDER.glob("*.jsonl")), ids=lambda path: path.stem
)
def test_transcript(own_host, path):
    transcripts.Replay(own_host).play(transcripts.read(path))
    own_host.process.wait(host_side.DEADLINE_SECONDS)


@pytest.mark.parametrize("path", CPP.transcripts(), ids=lambda path: path.stem)
def test_transcript_of_the_native_runner(native_host, compiler, path):
    def add_libraries(source):
        names = [*source["modules"], *source["skip"]]
        source["libraries"] = compiler.libraries(CPP.folder, names, source["root"])

    transcripts.Replay(native_host, add_libraries).play(CPP.lines(path))
    native_host.process.wait(host_side.DEADLINE_SECONDS)


def test_the_transcripts_cover_what_they_should():
    names = {path.stem for path in transcripts.FOLDER.glob("*.jsonl")}
    assert names >= {
        "describe",
        "success",
        "exception",
        "fail",
        "soft_time_limit",
        "cancel",
        "reuse",
    }
    assert names >= {"unknown_class", "return_value"}


@pytest.mark.parametrize(
    "expected, value, answer",
    [
        ("<any>", None, True),
        ("<int>", 5, True),
        ("<int>", True, False),
        ("<int>", 5.0, False),
        ("<number>", 0.5, True),
        ("<text>", "", True),
        ("<text>", None, False),
        ("a<any>c", "a\nb c", True),
        ("a<any>c", "abd", False),
        ({"a": "<int>"}, {"a": 1, "b": 2}, False),
        ({"a": "<int>"}, {}, False),
        ([1, "<any>"], [1, 2], True),
        ([1], [1, 2], False),
        (1, True, False),
        (None, None, True),
    ],
)
def test_the_matcher(expected, value, answer):
    assert transcripts.fits(expected, value) is answer
