"""The disk held still: databases lie in memory, and each fsync takes a fixed time and is counted.

A shared machine's fsync varies 30-fold within minutes, and it decides every durable figure. Where there is no C compiler
or no memory file system, databases lie on the disk, and its fsync is measured beside each figure instead.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MEMORY = Path("/dev/shm")
# As long as it took on the machine on which the rivals were first measured: the durable one then did 81 a second.
USUAL_MS = 5.0


@dataclass(frozen=True)
class Disk:
    folder: Path
    still: Path | None
    ms: float

    @property
    def environment(self) -> dict[str, str]:
        """For a program that is to write here."""
        if self.still is None:
            return {}
        return {
            "LD_PRELOAD": str(self.still),
            "STILL_US": str(round(self.ms * 1000)),
            "STILL_COUNT": str(self.folder / "fsyncs"),
        }

    def fsyncs(self) -> int | None:
        """How many there were; None where they are not counted."""
        if self.still is None:
            return None
        count = self.folder / "fsyncs"
        return int(struct.unpack("@l", count.read_bytes()[:8])[0]) if count.exists() else 0

    def fsync_ms(self, times: int = 50) -> float:
        """What one takes: as it is held, or the median of some on the disk."""
        if self.still is not None:
            return self.ms
        took = []
        with (self.folder / "fsync").open("wb") as file:
            for _time in range(times):
                began = time.perf_counter()
                file.write(b"x" * 4096)
                file.flush()
                os.fsync(file.fileno())
                took.append((time.perf_counter() - began) * 1000)
        return sorted(took)[times // 2]

    def clear(self) -> None:
        for stale in self.folder.glob("*.db*"):
            stale.unlink()


@contextmanager
def disk(out: Path, ms: float, *, on_disk: bool = False) -> Iterator[Disk]:
    """In memory with each fsync `ms` long, or on the disk that `out` is on."""
    compiler = shutil.which("cc")
    held = bool(compiler and MEMORY.is_dir() and not on_disk)
    with tempfile.TemporaryDirectory(dir=MEMORY if held else out, prefix="bench-") as name:
        folder = Path(name)
        library = folder / "still.so" if held else None
        if library and compiler:
            source = Path(__file__).with_name("still.c")
            subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
        yield Disk(folder, library, ms)
