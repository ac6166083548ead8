"""How long a test waits for what must come.

The machine is slow, and other tests share it. This is patience: it costs nothing where all is well, and nothing is
measured by it.
"""

from __future__ import annotations

PATIENCE = 60
"""Seconds."""
