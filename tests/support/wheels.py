"""Packages and virtual environments without a network."""

import subprocess
import sys
import textwrap
import zipfile


def build_wheel(folder, name, version, files, requires=()):
    """Writes a wheel of pure Python into `folder`: path → text; `requires` as in its metadata."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    metadata = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {each}" for each in requires)]
    content = {
        **{path: textwrap.dedent(text) for path, text in files.items()},
        f"{info}/METADATA": "\n".join(["Metadata-Version: 2.1", *metadata, ""]),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    content[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*content, f"{info}/RECORD"])
    target = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(target, "w") as archive:
        for path, text in content.items():
            archive.writestr(path, text)
    return target


def make_python(folder, wheels, *packages):
    """The interpreter of a new virtual environment that has these packages, from the wheels there."""
    python = folder / "bin/python"
    run(sys.executable, "-m", "venv", folder)
    run(python, "-m", "pip", "install", "--no-index", "--find-links", wheels, *packages)
    return python


def run(*command):
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
