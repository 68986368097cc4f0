"""Every file is of a readable length, every folder says what it is, and nothing speaks of what does not belong here."""

import pathlib
import stat

import repository

LONGEST = 600
# What a tool writes is as long as it is.
GENERATED = {"web/src/api/schema.ts"}
# The attribute of an input field, and its style, have the name of one of them. Written in two pieces, so that this file does not find itself.
UNFINISHED = (
    r"\b(TO"
    r"DO|FIX"
    r"ME|XX"
    r"X|HA"
    r"CK)\b|(?i:not yet impl"
    r"emented|for n"
    r"ow\b|(?<![:-])place"
    r"holder(?!['=:D])|in a re"
    r"al )"
)
SWITCHED_OFF = (
    r"GTEST_"
    r"SKIP|pytest\.(mark\.)?(sk"
    r"ip|xf"
    r"ail)|\b(it|test|describe)\.(sk"
    r"ip|on"
    r"ly)\(|DIS"
    r"ABLED_"
)
MACHINE = r"(?<![\w.$}])/wo" r"rk/"
REGISTRY = r"(pyp" r"i\.org|registry\.npm" r"js|files\.python" r"hosted|index-u" r"rl|deb\.deb" r"ian\.org)"


def text_files():
    return [path for path in repository.files() if repository.text_of(path)]


def test_no_file_is_longer_than_its_subject_needs():
    lengths = {str(path): len(repository.text_of(path).splitlines()) for path in repository.source_files()}
    long = {path: lines for path, lines in lengths.items() if lines > LONGEST and path not in GENERATED}
    assert long == {}


def test_every_folder_of_src_says_what_it_is():
    folders = {path.parent for path in repository.source_files("src") if path.suffix in {".cc", ".h"}}
    missing = [
        str(folder) for folder in sorted(folders) if not (repository.ROOT / folder / "README.md").is_file()
    ]
    assert missing == []


def test_nothing_is_left_unfinished():
    assert repository.lines_with(UNFINISHED, text_files()) == []


def test_no_test_is_switched_off():
    assert repository.lines_with(SWITCHED_OFF, repository.source_files()) == []


def test_no_cpp_test_sleeps():
    tests = [
        path
        for path in repository.source_files()
        if repository.is_test(path) and path.suffix in {".cc", ".h"}
    ]
    assert repository.lines_with(r"sleep_(for|until)\(|\b(u|nano)?sleep\(", tests) == []


def test_no_path_of_one_machine_and_no_package_host_stands_anywhere():
    assert repository.lines_with(MACHINE, text_files()) == []
    assert repository.lines_with(REGISTRY, text_files()) == []


def test_scripts_can_be_run():
    scripts = [path for path in repository.files() if repository.text_of(path).startswith("#!")]
    modes = {str(path): (repository.ROOT / path).stat().st_mode for path in scripts}
    assert [path for path, mode in modes.items() if not mode & stat.S_IXUSR] == []


def test_text_ends_with_one_newline():
    wrong = [str(path) for path in repository.source_files() if not repository.text_of(path).endswith("\n")]
    assert wrong == []


def test_the_documents_that_a_reader_looks_for_are_there():
    wanted = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "LICENSE",
        "NOTICE",
        "src/README.md",
    ]
    assert [name for name in wanted if pathlib.PurePosixPath(name) not in repository.files()] == []
