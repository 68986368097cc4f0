"""The page's types are made from web/openapi.json: it is what the binary says of itself.

WINDLASS_UPDATE=1 writes the file anew; `npm run types` in web/ then makes the types.
"""

import json
import os
import pathlib

FILE = pathlib.Path(__file__).resolve().parents[2] / "web/openapi.json"


def test_the_page_knows_the_interface_as_it_is(windlass):
    windlass.spawn("runserver")
    described = windlass.request("GET", "/api/swagger.json").json()
    text = json.dumps(described, indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("WINDLASS_UPDATE"):
        FILE.write_text(text)
    assert json.loads(FILE.read_text()) == described, "make it anew: see this file's head"
