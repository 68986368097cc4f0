"""YAML beside the module: one value in every language, or an error in every one."""

import json

from tests.functional.behaviours.yaml_texts import BAD, GOOD


def text_of(value, is_set=False):
    """JSON, which tells 1 from 1.0 and true. Members have no order, and neither have the lists that sets become."""
    if isinstance(value, dict):
        members = sorted((key, text_of(item, key.startswith("set"))) for key, item in value.items())
        return "{" + ", ".join(f"{json.dumps(key)}: {item}" for key, item in members) + "}"
    if isinstance(value, list):
        items = [text_of(item) for item in value]
        return "[" + ", ".join(sorted(items) if is_set else items) + "]"
    return json.dumps(value)


def test_the_same_value_is_loaded(sdks):
    names = {name: f"documents/good/{name}.yaml" for name in GOOD}
    python, cpp = (sdk.value("loads.Loads", {"files": list(names.values())}) for sdk in sdks)
    for name, file in names.items():
        assert text_of(cpp[file]) == text_of(python[file]), name
    assert cpp[names["timestamps"]][2] == "2001-12-14T21:59:43.100000-05:00"
    assert cpp[names["merges"]]["development"] == {
        "adapter": "postgres",
        "host": "elsewhere",
        "ports": [5432, 5433],
        "database": "app",
    }


def test_the_same_files_are_refused(sdks):
    submitted = {}
    for name in BAD:
        data = {"files": [f"documents/bad/{name}.yaml"]}
        submitted[name] = [sdk.submit("loads.Loads", data) for sdk in sdks]
    for name, runs in submitted.items():
        for sdk, run in zip(sdks, runs):
            done = sdk.windlass.wait(run)
            assert done["status"]["value"] == "FAILURE", (sdk.language, name, done["result"])


def test_an_error_says_where(installation, sdks):
    _, cpp = sdks
    for name, wanted in [
        ("open list", "line 3, column 2: did not find expected ',' or ']'"),
        ("unknown tag", "line 2, column 3: the tag !thing is unknown"),
        ("not UTF-8", "line 1, column 4: invalid leading UTF-8 octet"),
    ]:
        file = f"documents/bad/{name}.yaml"
        done = cpp.run("loads.Loads", {"files": [file]})
        assert done["result"]["exc_type"] == "YamlError", done["result"]
        assert f"{file}, {wanted}" in done["result"]["exc_message"], done["result"]
        assert "without a name" not in done["traceback"], done["traceback"]


def test_a_file_that_copies_itself_without_end_is_refused_soon(installation, sdks):
    _, cpp = sdks
    done = cpp.run("loads.Loads", {"files": ["documents/bomb.yaml"]})
    assert "its aliases make more than 1000000 values" in str(done["result"]), done["result"]
