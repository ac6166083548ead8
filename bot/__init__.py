"""Runs the program."""

import sys

# structlog and httpx (which python-telegram-bot loads) load rich, and it the lexers of pygments, to draw tracebacks
# that our logs never show, since they quote values. Without them a server at rest takes 4 MB less, and starts sooner.
# Whoever draws on a terminal gets rich later.
if "rich" not in sys.modules:
    for name in ("rich", "pygments"):
        sys.modules[name] = None  # type: ignore[assignment]  # what keeps a module from being found
    import httpx  # noqa: F401
    import structlog.dev  # noqa: F401

    for name in ("rich", "pygments"):
        del sys.modules[name]
