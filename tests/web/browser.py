"""Finds a Chromium for the tests, and installs one where that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@cache
def chromium() -> str:
    """The path of a Chromium: CHROMIUM, or one on PATH, or one that apt-get can install.

    Raises `LookupError` saying what to install.
    """
    found = _on_this_machine()
    if found is None and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update"], check=False, capture_output=True)
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], check=False)
        found = _on_this_machine()
    if found is None:
        raise LookupError(
            "The web chat is tested in a real Chromium, and there is none here. Install it (on Debian and Ubuntu: "
            "sudo apt-get install chromium), or set CHROMIUM to the path of a Chromium or Google Chrome."
        )
    return found


def _on_this_machine() -> str | None:
    named = os.environ.get("CHROMIUM", "")
    if named:
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


if __name__ == "__main__":
    try:
        print(f"Tests in a browser use {chromium()}")
    except LookupError as nothing_there:
        sys.exit(str(nothing_there))
