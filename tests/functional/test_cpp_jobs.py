"""Jobs in C++: dropped into the folder of a running Windlass, edited, broken, mended; and what hostile ones come to."""

import json
import pathlib
import re
import shutil
import subprocess

import pytest

from tests.support.server import REPOSITORY, Windlass, processes_with, wait_until

SOURCE = """
#include <windlass/jobs.hpp>
using namespace windlass::jobs;

class Version : public Job {{
 public:
  static inline const Meta meta{{.description = "number {number}", .has_sensitive_variables = false}};
  Json run() override {{ return {number}; }}
}};
static const auto registered = register_jobs<Version>({{.grouping = "Versions"}});
"""

PREAMBLE = """
#include <windlass/jobs.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>
using namespace windlass::jobs;
"""


@pytest.fixture(scope="module")
def cpp(tmp_path_factory):
    windlass = Windlass(
        tmp_path_factory.mktemp("cpp") / "home", cancel_grace=1, memory_limit="300 MiB", log_entry_limit=5000
    )
    windlass.start()
    yield windlass
    windlass.close()


def write(windlass, name, number):
    return windlass.write_job(name + ".cpp", SOURCE.format(number=number))


def job_that(windlass, name, body, meta="", members=""):
    """Puts a job with this body of run() into the folder and enables it."""
    windlass.write_job(
        name + ".cpp",
        f"""{PREAMBLE}
class Hostile : public Job {{
 public:
  static inline const Meta meta{{.has_sensitive_variables = false{meta}}};
  {members}
  Json run() override {{
    {body}
    return nullptr;
  }}
}};
static const auto registered = register_jobs<Hostile>();
""",
    )
    windlass.wait_for_job(f"{name}.Hostile", timeout=60)
    windlass.enable(f"{name}.Hostile")
    return f"{name}.Hostile"


def with_error(windlass, class_path, text):
    def found():
        record = windlass.job(class_path)
        return record if text in record["import_error"] else None

    return wait_until(found, 60, f"{text} in the import error of {class_path}")


def test_a_file_is_listed_run_edited_broken_and_mended_without_a_restart(cpp):
    path = write(cpp, "life", 1)
    job = cpp.wait_for_job("life.Version", timeout=60, installed=True, description="number 1")
    assert job["grouping"] == "Versions" and job["source"] == "jobs_root"
    cpp.enable("life.Version")
    first = cpp.wait(cpp.submit("life.Version"))
    assert first["status"]["value"] == "SUCCESS" and first["result"] == 1

    write(cpp, "life", 2)
    cpp.wait_for_job("life.Version", timeout=60, description="number 2")
    second = cpp.wait(cpp.submit("life.Version"))
    assert second["result"] == 2 and second["source_version"] != first["source_version"]

    path.write_text(SOURCE.format(number=3).replace("return 3;", "return missing_name;"))
    broken = with_error(cpp, "life.Version", "missing_name")
    assert "life.cpp:8:" in broken["import_error"], "file and line"
    told = cpp.get("/api/extras/job-sources/")[0]["errors"]
    assert [(error["file"], error["line"]) for error in told if error["module"] == "life"] == [(str(path), 8)]
    assert broken["installed"] and cpp.wait(cpp.submit("life.Version"))["result"] == 2

    write(cpp, "life", 4)
    cpp.wait_for_job("life.Version", timeout=60, description="number 4", import_error="")
    assert cpp.wait(cpp.submit("life.Version"))["result"] == 4
    path.unlink()
    cpp.wait_for_job("life.Version", timeout=60, installed=False)


def test_python_and_cpp_of_one_name_clash(cpp):
    write(cpp, "both", 1)
    cpp.wait_for_job("both.Version", timeout=60)
    python = cpp.write_job("both.py", "x = 1\n")
    record = with_error(cpp, "both.Version", "both make the module both")
    assert "both.py and both.cpp" in record["import_error"]
    python.unlink()
    cpp.wait_for_job("both.Version", timeout=60, import_error="")


def library(windlass, folder, number):
    """A shared library with the job, made as its author would make it."""
    sdk = next((windlass.home / "sdk").glob("*/cpp"))
    source, made = folder / "ready.cpp", folder / "ready.so"
    source.write_text(SOURCE.format(number=number))
    flags = ["-std=c++20", "-O1", "-fPIC", "-shared", "-fvisibility=hidden", f"-I{sdk / 'include'}"]
    subprocess.run(["c++", *flags, source, "-o", made], check=True)
    return made


def test_a_library_compiled_elsewhere_may_be_overwritten_while_it_is_used(cpp, tmp_path):
    target = cpp.home / "jobs" / "ready.so"
    shutil.copy(library(cpp, tmp_path, 1), target)
    cpp.wait_for_job("ready.Version", timeout=60)
    cpp.enable("ready.Version")
    assert cpp.wait(cpp.submit("ready.Version"))["result"] == 1
    target.write_bytes(library(cpp, tmp_path, 2).read_bytes())
    cpp.wait_for_job("ready.Version", timeout=60, description="number 2")
    assert cpp.wait(cpp.submit("ready.Version"))["result"] == 2
    target.write_bytes(b"no library at all")
    with_error(cpp, "ready.Version", "ready.so")
    assert cpp.wait(cpp.submit("ready.Version"))["result"] == 2


def test_a_project_with_cmake_finds_the_sdk(cpp):
    cpp.write_job(
        "project/CMakeLists.txt",
        """
        cmake_minimum_required(VERSION 3.16)
        project(project CXX)
        find_package(windlass REQUIRED)
        add_library(project MODULE job.cpp part.cpp)
        target_link_libraries(project PRIVATE windlass::jobs)
        """,
    )
    cpp.write_job("project/part.cpp", "int part() { return 40; }\n")
    source = (
        SOURCE.format(number=42)
        .replace("return 42;", 'return part() + load_json("data/two.json").as_integer();')
        .replace("class Ver", "int part();\nclass Ver")
    )
    cpp.write_job("project/data/two.json", "2")
    cpp.write_job("project/job.cpp", source)
    cpp.wait_for_job("project.Version", timeout=90)
    cpp.enable("project.Version")
    assert cpp.wait(cpp.submit("project.Version"))["result"] == 42
    line = next(n for n, text in enumerate(source.splitlines(), 1) if text.startswith("class Version"))
    assert f"project/job.cpp:{line}" in cpp.command("jobs", "show", "project.Version").stdout


def test_what_a_job_logs_prints_and_creates_is_kept(cpp):
    name = job_that(
        cpp,
        "says",
        """
        logger.grouping("cities").info("{} of {}", 1, 2);
        progress(1, 2, "half");
        std::printf("printed\\n");
        std::fprintf(stderr, "complained\\n");
        const auto file = create_file("report.txt", "one\\n");
        logger.warning("wrote {}", file.name);
        """,
        members='IntegerVar count{this, "count", {.min_value = 1, .max_value = 9, .default_value = 3}};',
    )
    refused = cpp.post(f"/api/extras/jobs/{name}/run/", {"data": {"count": 99}}, 400)
    assert "count" in refused["errors"]
    result = cpp.submit(name)
    ended = cpp.wait(result)
    assert ended["status"]["value"] == "SUCCESS", ended
    entries = [(entry["grouping"], entry["message"]) for entry in cpp.logs(result)]
    assert ("cities", "1 of 2") in entries
    assert "printed" in cpp.console(result) and "complained" in cpp.console(result)
    files = cpp.get(f"/api/extras/file-proxies/?job_result={result['id']}")["results"]
    assert [file["name"] for file in files] == ["report.txt"]


def test_an_exception_of_any_type_is_a_failure_with_its_text(cpp):
    name = job_that(
        cpp,
        "throws",
        """
        if (*which == "standard") throw std::runtime_error("no such device");
        if (*which == "text") throw "just text";
        throw 42;
        """,
        members='StringVar which{this, "which"};',
    )
    for which, text in (("standard", "no such device"), ("text", "just text"), ("number", "42")):
        ended = cpp.wait(cpp.submit(name, {"which": which}))
        assert ended["status"]["value"] == "FAILURE"
        assert text in str(ended["result"]) + ended["traceback"], ended
    ended = cpp.wait(cpp.submit(name, {"which": "standard"}))
    assert ended["result"]["exc_type"] == "std::runtime_error"
    assert "throws.cpp" in ended["traceback"], "where it was thrown"


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("segfault", "volatile int* nowhere = nullptr; *nowhere = 1;", ["SIGSEGV"]),
        ("aborts", "std::abort();", ["SIGABRT"]),
        ("leaves", "_exit(3);", ["3"]),
        ("closes", "for (int fd = 0; fd < 4096; ++fd) close(fd);", []),
        ("eats", "std::vector<std::string> all; for (;;) all.emplace_back(10 << 20, 'x');", ["memory"]),
    ],
)
def test_a_job_that_does_what_none_should_ends_with_the_reason(cpp, name, body, words):
    class_path = job_that(cpp, name, body)
    ended = cpp.wait(cpp.submit(class_path))
    assert ended["status"]["value"] == "FAILURE", ended
    told = str(ended["result"]) + (ended["traceback"] or "") + " ".join(cpp.messages(ended))
    for word in words:
        assert word in told, told
    if name == "segfault":
        assert f"{name}.cpp" in ended["traceback"], "the backtrace has file and line"
    write(cpp, "healthy", 1)
    cpp.wait_for_job("healthy.Version", timeout=60)
    cpp.enable("healthy.Version")
    assert cpp.wait(cpp.submit("healthy.Version"))["result"] == 1


def test_nothing_that_a_job_spawned_lives_on(cpp):
    name = job_that(
        cpp,
        "spawns",
        """
        if (fork() == 0) { setsid(); prctl(PR_SET_NAME, "left-behind"); for (;;) pause(); }
        std::thread([] { for (;;) pause(); }).detach();
        """,
    )
    ended = cpp.wait(cpp.submit(name))
    assert ended["status"]["value"] == "SUCCESS", ended
    names = {path.read_text().strip() for path in pathlib.Path("/proc").glob("[0-9]*/comm") if path.exists()}
    assert "left-behind" not in names


def test_cancel_is_heard_by_check_stop_and_kills_what_does_not_listen(cpp):
    polite = job_that(cpp, "polite", 'logger.info("begun"); for (;;) { ::usleep(1000); check_stop(); }')
    rude = job_that(cpp, "rude", 'logger.info("begun"); for (volatile int i = 0;; ++i) {}')
    for name in (polite, rude):
        result = cpp.submit(name)
        wait_until(lambda result=result: "begun" in cpp.messages(result), 30, "the job has begun")
        cpp.post(f"/api/extras/job-results/{result['id']}/cancel/", {}, 200)
        ended = cpp.wait(result)
        assert ended["status"]["value"] == "REVOKED", ended


def test_a_soft_time_limit_can_be_caught(cpp):
    name = job_that(
        cpp,
        "limited",
        """
        try {
          for (;;) { ::usleep(1000); check_stop(); }
        } catch (const SoftTimeLimitExceeded&) {
          return "cleaned up";
        }
        """,
        meta=", .soft_time_limit = 0.2",
    )
    ended = cpp.wait(cpp.submit(name))
    assert ended["status"]["value"] == "SUCCESS" and ended["result"] == "cleaned up", ended


def test_clang_compiles_jobs_too(tmp_path):
    windlass = Windlass(tmp_path / "home", compiler="clang++-14")
    try:
        windlass.start()
        write(windlass, "clang", 3)
        windlass.wait_for_job("clang.Version", timeout=60)
        assert windlass.run("clang.Version")["result"] == 3
        name = job_that(windlass, "falls", "volatile int* nowhere = nullptr; *nowhere = 1;")
        ended = windlass.wait(windlass.submit(name))
        assert ended["result"]["exc_type"] == "SIGSEGV"
        assert f"{windlass.jobs}/falls.cpp:" in ended["traceback"]
        path = write(windlass, "clang", 4)
        path.write_text(SOURCE.format(number=5).replace("return 5;", "return missing_name;"))
        assert "clang.cpp:8:" in with_error(windlass, "clang.Version", "missing_name")["import_error"]
    finally:
        windlass.close()


def test_commands_take_a_cpp_file(tmp_path):
    windlass = Windlass(tmp_path / "home")
    try:
        good = tmp_path / "elsewhere" / "good.cpp"
        good.parent.mkdir()
        good.write_text(SOURCE.format(number=5))
        run = windlass.command("runjob", "--local", "--json", str(good), check=0)
        assert json.loads(run.stdout)["result"] == 5
        good.write_text(SOURCE.format(number=6).replace("return 6;", 'return load_json("six.json");'))
        (good.parent / "six.json").write_text("6")
        run = windlass.command("runjob", "--local", "--json", str(good), check=0)
        assert json.loads(run.stdout)["result"] == 6
        assert windlass.command("jobs", "check", str(good)).returncode == 0
        forgets = tmp_path / "elsewhere" / "forgets.cpp"
        forgets.write_text(SOURCE.format(number=5).replace("class V", "class Lost : public Job {};\nclass V"))
        check = windlass.command("jobs", "check", str(forgets))
        assert "forgets.cpp:5" in check.stdout and "Lost is never registered" in check.stdout, check.stdout
        torn = tmp_path / "elsewhere" / "torn.cpp"
        torn.write_text("int x = nowhere;\n")
        check = windlass.command("jobs", "check", str(torn))
        assert check.returncode == 1
        assert "torn.cpp:1" in check.stdout and "nowhere" in check.stdout
    finally:
        windlass.close()


def test_the_receivers_of_the_docs_are_as_the_docs_say(windlass, tmp_path):
    text = (REPOSITORY / "docs/cpp-jobs.md").read_text()
    block = re.search(r"^## Receivers\n+```cpp\n(.*?)^```$", text, re.M | re.S)[1]
    file = tmp_path / "receivers.cpp"
    file.write_text(f"{PREAMBLE}{block}static const auto registered = register_jobs<Audit, Ping>();\n")
    check = windlass.command("jobs", "check", str(file))
    assert check.returncode == 0, check.stdout


def test_no_runner_of_native_code_without_such_jobs(windlass):
    windlass.write_job("plain.py", "x = 1\n")
    windlass.start()
    runner = next((windlass.home / "sdk").glob("*/cpp/bin/windlass-native-runner"))
    assert not processes_with(str(runner))


def test_an_installed_library_that_the_settings_name(tmp_path):
    installed = tmp_path / "opt" / "netjobs.so"
    windlass = Windlass(tmp_path / "home", apps=str(installed))
    try:
        windlass.start()
        wait_until(lambda: "netjobs" in windlass.command("jobs", "list").stdout, 30, "that it is missing")
        installed.parent.mkdir()
        made = library(windlass, tmp_path, 1)
        made.rename(installed)
        job = windlass.wait_for_job("netjobs.Version", timeout=60)
        assert job["source"] == "app:netjobs"
        assert windlass.run("netjobs.Version")["result"] == 1
        library(windlass, tmp_path, 2).rename(installed)  # as a package manager upgrades it
        windlass.wait_for_job("netjobs.Version", timeout=60, description="number 2")
        assert windlass.wait(windlass.submit("netjobs.Version"))["result"] == 2
    finally:
        windlass.close()
