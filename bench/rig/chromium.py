"""Where Chromium is on this machine, and how it is started."""

import os
import shutil

# Without hinting, texts have the same widths with and without windows. Root may not use the browser's own sandbox.
ARGUMENTS = ["--no-sandbox", "--font-render-hinting=none"]


def find_chromium() -> str | None:
    """Return the path of the browser that the environment names, or else of the one without windows: it starts faster."""
    named = os.environ.get("FINALCHECK_CHROMIUM")
    names = [named] if named else ["chromium-headless-shell", "chromium"]
    return next(filter(None, map(shutil.which, names)), None)
