"""The page's types are made from web/openapi.json, which has to be what the binary says of itself."""

import json
import pathlib

import requests

KEPT = pathlib.Path(__file__).resolve().parents[2] / "web" / "openapi.json"


def test_the_page_is_built_against_this_interface(shared):
    told = requests.get(f"{shared.url}/api/swagger.json", timeout=10).json()
    kept = json.loads(KEPT.read_text())
    # Run `curl <server>/api/swagger.json | python3 -m json.tool --indent 2 > web/openapi.json`, then `npm run types`.
    assert sorted(told["paths"].keys() ^ kept["paths"].keys()) == []
    schemas = told["components"]["schemas"]
    assert [
        name for name, schema in schemas.items() if kept["components"]["schemas"].get(name) != schema
    ] == []
    assert told == kept
