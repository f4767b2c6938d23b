"""Starts the system's Chromium for tests, quiet on the network."""

import shutil

from playwright.sync_api import Browser, Playwright

# The shell draws the same pages without the windows around them, which cost a second of CPU each.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--in-process-gpu",
    "--disable-gpu-compositing",
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
)


def launch(playwright: Playwright) -> Browser:
    """Launch it headless; a machine without one fails with a sentence rather than a download."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "no Chromium here: script/test installs it"
    return playwright.chromium.launch(executable_path=path, args=list(QUIET))
