"""Log entries, console lines and files that a job leaves behind."""


def entries_of(authoring, class_path, query=""):
    done = authoring.wait(authoring.submit(class_path))
    return done, authoring.get(f"/api/extras/job-results/{done['id']}/logs/{query}")


def by_message(entries, message):
    return next(entry for entry in entries if entry["message"] == message)


def test_levels_groupings_and_objects(authoring):
    done, entries = entries_of(authoring, "logging_levels.Logs")
    assert done["status"]["value"] == "SUCCESS", done["traceback"]
    levels = ("debug", "info", "success", "warning", "failure", "error", "critical")
    for level in levels:
        entry = by_message(entries, level)
        assert (entry["log_level"], entry["grouping"]) == (level, "run")
    assert by_message(entries, "from helper")["grouping"] == "helper"
    assert by_message(entries, "grouped")["grouping"] == "my group"
    about = by_message(entries, "about")
    assert (about["log_object"], about["absolute_url"]) == ("the thing", "/things/1/")
    messages = [entry["message"] for entry in entries]
    assert "not stored" not in messages
    assert "from the module" in messages and "from a library" in messages
    caught = next(entry for entry in entries if entry["message"].startswith("caught"))
    assert caught["log_level"] == "error" and "KeyError" in caught["message"]
    assert by_message(entries, "Running job")["grouping"] == "initialization"
    last = entries[-1]
    assert (last["message"], last["log_level"], last["grouping"]) == (
        "Job completed",
        "success",
        "post_run",
    )
    counts = {name: done[f"{name}_log_count"] for name in ("debug", "success", "warning", "error")}
    assert counts == {"debug": 1, "success": 2, "warning": 2, "error": 4}
    assert not any("hunter22" in message for message in messages)


def test_markdown_is_rendered_safely(authoring):
    _, entries = entries_of(authoring, "logging_levels.Logs", "?render=html")
    html = next(entry["message_html"] for entry in entries if "**bold**" in entry["message"])
    assert "<strong>bold</strong>" in html and "<b>tag</b>" in html
    assert "<script" not in html and 'href="javascript' not in html


def test_console(authoring):
    done, _ = entries_of(authoring, "console.Prints")
    lines = authoring.console(done)
    for line in ("to stdout", "to stderr", "past Python", "no newline at the end"):
        assert line in lines
    assert not any("abcdef0123456789" in line for line in lines)


def test_files(authoring):
    done, entries = entries_of(authoring, "files_out.Files")
    assert done["result"]["name"] == "report.txt"
    assert "at most 10485760" in done["result"]["refused"]
    assert [file["object_type"] for file in done["files"]] == ["extras.fileproxy"] * 2
    link = next(entry["message"] for entry in entries if "report.txt" in entry["message"])
    assert link.startswith("Created file [report.txt](/api/extras/file-proxies/")
    path = link.partition("](")[2].rstrip(")")
    assert authoring.request("GET", path).text == "text"
