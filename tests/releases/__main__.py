"""`python -m tests.releases make VERSION`"""

from __future__ import annotations

import sys

from tests.releases import make

match sys.argv[1:]:
    case ["make", version]:
        file = make(version)
        print(f"{file}: {file.stat().st_size:,} bytes")
    case _:
        sys.exit(__doc__)
