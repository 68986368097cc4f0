"""The tests of this folder import repository.py by its name."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
