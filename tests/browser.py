"""A real browser without a window: Chromium by way of its chromedriver and the W3C WebDriver protocol.

Written for the standard library alone: the tests need a dozen requests, which is no reason for a dependency.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
WHY_SKIPPED = "there is no Chromium with its chromedriver (apt install chromium chromium-driver)"
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
KEYS = {"Tab": "\ue004", "Escape": "\ue00c"}


class Browser:
    """One window. An error of the driver is a `urllib.error.HTTPError`."""

    def __init__(self, driver: str, profile: Path) -> None:
        self.driver = driver
        capabilities = {
            "goog:chromeOptions": {"binary": CHROMIUM, "args": [*OPTIONS, f"--user-data-dir={profile}"]},
            "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"},
        }
        answer = self.request("POST", "", {"capabilities": {"alwaysMatch": capabilities}})
        self.session = f"/{answer['sessionId']}"

    def request(self, method: str, command: str, content: object = None) -> Any:
        body = None if method in ("GET", "DELETE") else json.dumps(content or {}).encode()
        request = urllib.request.Request(f"{self.driver}/session{command}", body, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def do(self, command: str, **content: object) -> Any:
        return self.request("POST", f"{self.session}/{command}", content)

    def open(self, page: Path) -> None:
        self.do("url", url=page.as_uri())

    def run(self, script: str, *arguments: object) -> Any:
        """The value that the body of a function returns in the page."""
        return self.do("execute/sync", script=script, args=arguments)

    def point_at(self, selector: str) -> None:
        """Moves the pointer to the middle of an element."""
        element = self.do("element", using="css selector", value=selector)
        move = {"type": "pointerMove", "duration": 0, "x": 0, "y": 0, "origin": element}
        self.do("actions", actions=[{"type": "pointer", "id": "mouse", "actions": [move]}])

    def press(self, key: str) -> None:
        keys = [{"type": kind, "value": KEYS[key]} for kind in ("keyDown", "keyUp")]
        self.do("actions", actions=[{"type": "key", "id": "keys", "actions": keys}])

    def resize(self, width: int, height: int) -> None:
        self.do("window/rect", width=width, height=height)

    def emulate(self, **media: str) -> None:
        """Media features of the page, like `prefers-color-scheme`, with `_` for `-`; `media` is the medium."""
        features = [
            {"name": name.replace("_", "-"), "value": value} for name, value in media.items() if name != "media"
        ]
        parameters = {"media": media.get("media", ""), "features": features}
        self.do("goog/cdp/execute", cmd="Emulation.setEmulatedMedia", params=parameters)

    def requests(self) -> list[str]:
        """The addresses that were asked for since the last call, whether they answered or not."""
        messages = [json.loads(entry["message"])["message"] for entry in self.do("se/log", type="performance")]
        sent = [message for message in messages if message["method"] == "Network.requestWillBeSent"]
        return [message["params"]["request"]["url"] for message in sent]

    def complaints(self) -> list[str]:
        """What the page's console holds since the last call: errors of scripts, refused requests."""
        return [entry["message"] for entry in self.do("se/log", type="browser")]

    def screenshot(self) -> bytes:
        return base64.b64decode(self.request("GET", f"{self.session}/screenshot"))

    def print_to_pdf(self) -> bytes:
        """The page on the paper that its own `@page` wants."""
        parameters = {"preferCSSPageSize": True}
        printed = self.do("goog/cdp/execute", cmd="Page.printToPDF", params=parameters)
        return base64.b64decode(printed["data"])


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """A browser with a new profile, ended with its driver. Needs CHROMIUM and DRIVER."""
    assert DRIVER is not None
    with subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, text=True) as driver:
        try:
            assert driver.stdout is not None
            started = next(line for line in driver.stdout if "started successfully on port" in line)
            port = started.rstrip(".\n").rpartition(" ")[2]
            window = Browser(f"http://127.0.0.1:{port}", profile)
            try:
                yield window
            finally:
                window.request("DELETE", window.session)
        finally:
            driver.terminate()
