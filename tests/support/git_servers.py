"""Servers that give a repository out to who shows the right secret."""

import asyncio
import base64
import http.server
import os
import subprocess
import threading

import asyncssh

from tests.support.remote import ENVIRONMENT
from tests.support.server import processes_with


class HttpGit:
    """The folder of a Remote by http, through Git's own program, for one user name and token.

    `shown_by` collects the processes that had the token in their command line or environment while it was in use.
    """

    def __init__(self, folder, username, token):
        self.folder, self.token = folder, token
        self.expected = "Basic " + base64.b64encode(f"{username}:{token}".encode()).decode()
        self.visits = 0
        self.shown_by = set()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.answer(self)

            do_POST = do_GET

            def log_message(self, *_):
                """The output of the tests is not for this."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/{folder.name}/.git"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def answer(self, request):
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        if request.headers.get("Authorization") != self.expected:
            request.send_response(401)
            request.send_header("WWW-Authenticate", 'Basic realm="git"')
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        self.visits += 1
        self.shown_by.update(processes_with(self.token))
        path, _, query = request.path.partition("?")
        done = subprocess.run(
            ["git", "http-backend"],
            input=body,
            stdout=subprocess.PIPE,
            check=True,
            env={
                **ENVIRONMENT,
                "GIT_PROJECT_ROOT": str(self.folder.parent),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "REQUEST_METHOD": request.command,
                "CONTENT_TYPE": request.headers.get("Content-Type", ""),
            },
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        request.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)


class SshGit:
    """The folder of a Remote by ssh, for the user git with one key; `visitors` collects the user names that asked."""

    def __init__(self, folder):
        self.folder = folder
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        self.visitors = []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.server = self.wait_for(self.listen())
        self.port = self.server.get_port()
        self.url = f"ssh://git@127.0.0.1:{self.port}{folder}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.wait_for(self.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    @property
    def private_key(self):
        """In OpenSSH's form."""
        return self.key.export_private_key().decode()

    def known_host(self, key):
        """The line of known_hosts that says that the server has this key."""
        return f"[127.0.0.1]:{self.port} " + " ".join(key.export_public_key().decode().split()[:2])

    def wait_for(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    async def listen(self):
        outer = self

        class Door(asyncssh.SSHServer):
            def begin_auth(self, username):
                outer.visitors.append(username)
                return True

            def public_key_auth_supported(self):
                return True

            def validate_public_key(self, username, key):
                return username == "git" and key == outer.key.convert_to_public()

        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=Door,
            server_host_keys=[self.host_key],
            process_factory=self.give_out,
            encoding=None,
        )

    async def give_out(self, process):
        if process.command != f"git-upload-pack '{self.folder}'":
            process.stderr.write(b"no such repository\n")
            process.exit(128)
            return
        with subprocess.Popen(
            ["git", "upload-pack", os.fspath(self.folder)],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as git:
            await process.redirect(stdin=git.stdin, stdout=git.stdout)
            await process.stdout.drain()
            process.exit(0)
        await process.wait_closed()

    async def close(self):
        self.server.close()
        await self.server.wait_closed()
        visits = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*visits, return_exceptions=True)
