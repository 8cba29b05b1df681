"""Where Firefox is on this machine."""

import os
import shutil


def find_firefox() -> str | None:
    """Return the path of the browser that the environment names, or else of Debian's."""
    return shutil.which(os.environ.get("FINALCHECK_FIREFOX", "firefox-esr"))
