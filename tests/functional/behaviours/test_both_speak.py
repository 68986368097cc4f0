"""Log, console, progress, files."""


def test_levels_groupings_and_objects(sdk):
    done = sdk.run("speaks.Logs")
    assert done["status"]["value"] == "SUCCESS", done["traceback"]
    entries = [
        (one["log_level"], one["grouping"], one["message"], one["log_object"], one["absolute_url"])
        for one in sdk.windlass.logs(done)
        if one["grouping"] not in ("initialization", "post_run")
    ]
    levels = ["debug", "info", "success", "warning", "failure", "error", "critical"]
    assert entries[:7] == [(level, "run", level, "", "") for level in levels]
    assert entries[7:12] == [
        ("info", "helper", "from helper", "", ""),
        ("info", "my group", "grouped", "", ""),
        ("info", "run", "about", "the thing", "/things/1/"),
        ("info", "run", "1 of 2, 50.5%", "", ""),
        ("info", "run", "no arguments: %s {}", "", ""),
    ]
    assert "hunter22" not in str(entries) and "from a thread" in str(entries)
    assert any("hidden" in line for line in sdk.windlass.console(done))


def test_output_is_kept(sdk):
    done = sdk.run("speaks.Prints")
    assert sorted(sdk.windlass.console(done)) == ["open end", "to stderr", "to stdout"]


def test_progress(sdk):
    submitted = sdk.submit("speaks.Progresses")
    told = [data for event, _, data in sdk.windlass.events(submitted) if event == "progress"]
    done = sdk.windlass.result(submitted)
    assert (done["result"], done["status"]["value"]) == ([15, "refused"], "SUCCESS"), done["traceback"]
    last = done["progress"]
    assert (last["done"], last["total"], last["message"]) == (2, 2, "more")
    assert [(one["done"], one["total"]) for one in told][-1] == (2, 2)


def test_files(sdk):
    done = sdk.run("speaks.Writes")
    assert done["result"] == {"refused": 8, "name": "data.bin", "url": True}, done["traceback"]
    content = {
        file["name"]: sdk.windlass.request("GET", f"/api/extras/file-proxies/{file['id']}/download/").content
        for file in done["files"]
    }
    assert content == {"text.txt": "grün\n".encode(), "data.bin": b"\x00\xff"}
    assert any("[data.bin](" in message for message in sdk.windlass.messages(done))
