"""What jobs may do and what becomes of it: one list, which the SDK of each language has to meet.

python/ and cpp/ hold the same classes. Both are served by one installation, in modules whose names begin with the
language; where two languages have other words for a thing, WORDS has them.
"""

import pathlib
import shutil

import pytest

from tests.functional.behaviours import yaml_texts
from tests.support.server import Windlass

FOLDER = pathlib.Path(__file__).parent
SUFFIXES = {"python": ".py", "cpp": ".cpp"}
MODULES = ("asks", "ends", "harms", "loads", "speaks", "takes")
WORDS = {
    "python": {"lookup": "LookupError", "lookup module": "builtins", "cause": "KeyError"},
    "cpp": {"lookup": "std::runtime_error", "lookup module": "std", "cause": "std::out_of_range"},
}


@pytest.fixture(scope="session")
def installation(tmp_path_factory):
    windlass = Windlass(
        tmp_path_factory.mktemp("behaviours") / "home",
        cancel_grace=1,
        memory_limit="300 MiB",
        log_entry_limit=5000,
        log_byte_limit="1 MiB",
    )
    for language, suffix in SUFFIXES.items():
        for module in MODULES:
            shutil.copy(FOLDER / language / (module + suffix), windlass.jobs / f"{language}_{module}{suffix}")
    shutil.copy(FOLDER / "limits.json", windlass.jobs)
    for kind in ("good", "bad"):
        folder = windlass.jobs / "documents" / kind
        folder.mkdir(parents=True)
        for name, text in getattr(yaml_texts, kind.upper()).items():
            (folder / f"{name}.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    (windlass.jobs / "documents" / "bomb.yaml").write_text(yaml_texts.BOMB)
    windlass.start()
    for language in SUFFIXES:
        for path in ("takes.Seals", "speaks.Logs", "ends.Steps", "harms.Harms", "asks.Reads", "loads.Loads"):
            windlass.wait_for_job(f"{language}_{path}", timeout=120)
    windlass.command("jobs", "enable", "--all", check=0)
    yield windlass
    windlass.close()


class Sdk:
    """The jobs of one language."""

    def __init__(self, windlass, language):
        self.windlass = windlass
        self.language = language
        self.words = WORDS[language]
        self.suffix = SUFFIXES[language]

    def path(self, name):
        return f"{self.language}_{name}"

    def source(self, module):
        """The text of a module."""
        return (FOLDER / self.language / (module + self.suffix)).read_text()

    def job(self, name):
        return self.windlass.job(self.path(name))

    def submit(self, name, data=None, **body):
        return self.windlass.submit(self.path(name), data, **body)

    def run(self, name, data=None):
        return self.windlass.wait(self.submit(name, data))

    def value(self, name, data=None):
        done = self.run(name, data)
        assert done["status"]["value"] == "SUCCESS", (done["result"], done["traceback"])
        return done["result"]

    def refused(self, name, data):
        answer = self.windlass.request(
            "POST", f"/api/extras/jobs/{self.path(name)}/run/", json={"data": data}
        )
        assert answer.status_code == 400, answer.text
        return answer.json()["errors"]

    def variables(self, name):
        return self.windlass.get(f"/api/extras/jobs/{self.path(name)}/variables/")

    def entries(self, done, grouping):
        return [entry["message"] for entry in self.windlass.logs(done) if entry["grouping"] == grouping]


@pytest.fixture(params=SUFFIXES)
def sdk(request, installation):
    return Sdk(installation, request.param)


@pytest.fixture
def sdks(installation):
    """Python's and that of C++."""
    return [Sdk(installation, language) for language in SUFFIXES]
