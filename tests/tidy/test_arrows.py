"""Dependencies point one way: base → model → {storage, runner, sources} → engine → {worker, …, server} → cli → main."""

import repository

# What each module may include, besides itself and base. A test may include any module but cli.
ARROWS = {
    "base": set(),
    "config": set(),
    "embedded": set(),
    "markdown": set(),
    "model": set(),
    "storage": {"model"},
    "storage/conformance": {"storage", "model"},
    "storage/sqlite": {"storage", "model"},
    "runner": set(),
    "sources": set(),
    "sources/git": {"sources"},
    "engine": {"model", "storage", "runner", "sources", "sources/git"},
    "worker": {"model", "storage", "runner", "engine"},
    "maintenance": {"model", "storage", "runner", "engine"},
    "server/http": set(),
    "server/rest": {"markdown", "model", "storage", "engine", "server/http"},
}
ARROWS["cli"] = set(ARROWS) | {"storage/sqlite"}
ARROWS["main"] = {"cli"}

# Third-party headers by prefix, and the folders whose code may include them.
OWNERS = {
    "boost/asio": {"base", "server/http"},
    "boost/beast": {"server/http"},
    "boost/json": {
        "base",
        "model",
        "storage",
        "storage/sqlite",
        "engine",
        "server/rest",
        "runner",
        "worker",
        "cli",
    },
    "boost/url": {"server/http", "server/rest"},
    "boost/system": {"base", "server/http"},
    "sodium": {"base"},
    "pcre2": {"base"},
    "spdlog": {"base"},
    "fmt": set(ARROWS),
    "SQLiteCpp": {"storage/sqlite"},
    "sqlite3": {"storage/sqlite"},
    "toml++": {"config", "sources"},
    "CLI": {"cli"},
    "windlass": {"cli"},  # in the text of the starter file alone
    "git2": {"sources/git"},
    "libssh2": {"sources/git"},
    "libssh": {"sources/git"},
    "cmark-gfm": {"markdown"},
    "cmark-gfm-core-extensions": {"markdown"},
    "prometheus": {"server/rest"},
    "zlib": {"server/http"},
}
PUBLIC_LIBRARIES = {"boost/json", "fmt"}  # the two whose types stand in our own headers


def module_of(path):
    """src/storage/sqlite/open.h → storage/sqlite; src/main.cc → main."""
    folder = "/".join(path.parts[1:-1])
    if not folder:
        return "main" if path.stem == "main" else None
    while folder and folder not in ARROWS:
        folder = folder.rpartition("/")[0]
    return folder


def module_included(name):
    """The module that an include "engine/submit.h" names, or None for what is generated or beside the file."""
    folder = name.rpartition("/")[0]
    while folder and folder not in ARROWS:
        folder = folder.rpartition("/")[0]
    return folder or None


def cpp_files():
    return [path for path in repository.source_files("src") if path.suffix in {".cc", ".h"}]


def test_every_folder_of_src_is_a_module_in_the_table():
    folders = {"/".join(path.parts[1:-1]) for path in cpp_files()} - {""}
    assert {
        folder
        for folder in folders
        if module_of(repository.pathlib.PurePosixPath("src", folder, "x.cc")) == ""
    } == set()


def test_modules_include_only_what_they_may_depend_on():
    wrong = []
    for path in cpp_files():
        module = module_of(path)
        allowed = ARROWS[module] | {module, "base"}
        if repository.is_test(path):
            allowed = set(ARROWS) - {"cli"} | {module}
        for name, _ in repository.includes(path):
            included = module_included(name)
            if included and included not in allowed:
                wrong.append(f"{path} includes {name}")
    assert wrong == []


def owner_rule(name):
    return next(
        (prefix for prefix in OWNERS if name == prefix or name.startswith((prefix + "/", prefix + "."))), None
    )


def test_third_party_headers_stay_in_the_modules_that_own_them():
    wrong = []
    for path in cpp_files():
        for name, bracket in repository.includes(path):
            if name.startswith(("gtest/", "gmock/", "benchmark/")):
                if not repository.is_test(path):
                    wrong.append(f"{path} includes {name} and is no test")
                continue
            rule = owner_rule(name) if bracket else None
            unknown_library = bracket and not rule and "/" in name and not is_system(name)
            if unknown_library or (rule and module_of(path) not in OWNERS[rule]):
                wrong.append(f"{path} includes {name}")
    assert wrong == []


def is_system(name):
    return name.startswith(("sys/", "netinet/", "arpa/", "linux/", "net/", "bits/"))


def test_library_types_stay_out_of_the_headers_of_other_modules():
    """A header that only its own module includes may have them; one that others include may not."""
    used_elsewhere = {
        (module_of(path), name)
        for path in cpp_files()
        if not repository.is_test(path)
        for name, _ in repository.includes(path)
    }
    wrong = []
    for path in cpp_files():
        if path.suffix != ".h":
            continue
        libraries = {owner_rule(name) for name, bracket in repository.includes(path) if bracket} - {None}
        name = "/".join(path.parts[1:])
        outside = [
            module for module, included in used_elsewhere if included == name and module != module_of(path)
        ]
        if outside and libraries - PUBLIC_LIBRARIES:
            wrong.append(f"{path} shows {sorted(libraries - PUBLIC_LIBRARIES)} to {sorted(outside)}")
    assert wrong == []
