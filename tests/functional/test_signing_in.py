"""The way in by browser: the first start's link, sessions, tokens of one's own."""

import re
import signal
import subprocess

import requests

from tests.support.server import BINARY

LINK = re.compile(r"windlass: no account yet; sign in once with (http://\S+)/sign-in#code=([0-9a-f]{32})$")
PASSWORD = "correct horse"


def start(windlass):
    """`windlass start`, once it is ready; its further lines are still to be read."""
    process = subprocess.Popen(
        [str(BINARY), "start"], env=windlass.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    process.log = process.stdout
    windlass.processes.append(process)
    ready = process.stdout.readline().decode()
    assert ready.startswith("windlass: ready on "), ready
    return process


def link_of(process):
    """The address and the code that the start printed."""
    return LINK.match(process.stdout.readline().decode().strip()).groups()


def browser_of(url, answer):
    """A browser that was just answered like this: its cookie comes by itself, the CSRF token by header."""
    browser = requests.Session()
    browser.headers["Origin"] = url
    browser.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    browser.cookies.update(answer.cookies)
    return browser


def test_the_link_of_the_first_start_makes_an_account_once(windlass):
    url, code = link_of(start(windlass))
    assert requests.get(url + "/api/session/").json()["first_account"] is True
    account = {"code": code, "username": "ada", "password": PASSWORD}
    made = requests.post(url + "/api/session/first-account/", json=account)
    assert made.status_code == 201, made.text
    cookie = made.headers["Set-Cookie"]
    assert cookie.startswith("windlass_session=")
    for attribute in ("; HttpOnly", "; SameSite=Strict", "; Path=/"):
        assert attribute in cookie
    browser = browser_of(url, made)
    assert browser.get(url + "/api/session/").json()["user"]["username"] == "ada"
    assert browser.get(url + "/api/extras/jobs/").status_code == 200
    again = requests.post(url + "/api/session/first-account/", json=account)
    assert again.status_code == 400
    assert "code" in again.json()["errors"]


def test_a_session_makes_a_token_and_ends(windlass):
    url, code = link_of(start(windlass))
    account = {"code": code, "username": "ada", "password": PASSWORD}
    assert requests.post(url + "/api/session/first-account/", json=account).status_code == 201
    entry = {"username": "ada", "password": PASSWORD}
    browser = browser_of(url, requests.post(url + "/api/session/", json=entry))
    token = browser.post(url + "/api/users/tokens/", json={"description": "script"}).json()
    script = {"Authorization": "Token " + token["key"]}
    assert requests.get(url + "/api/extras/jobs/", headers=script).status_code == 200
    assert browser.delete(url + "/api/session/").status_code == 204
    browser.cookies.set("windlass_session", "0" * 64)
    assert browser.get(url + "/api/extras/jobs/").status_code == 403
    assert requests.get(url + "/api/extras/jobs/", headers=script).status_code == 200


def test_the_link_is_not_printed_where_there_is_an_account(windlass):
    windlass.create_superuser()
    process = start(windlass)
    process.send_signal(signal.SIGTERM)
    further, _ = process.communicate(timeout=60)
    assert b"no account" not in further
