"""The inbox: what families said, for the staff who answer it.

`listing` is the way in: what is owed an answer, the oldest promise first. `reading` shows one with its
back-and-forth; `answering` writes to the family, or says where it stands; `failures` are messages that made the code
fail; `notice` tells staff that something is new. Who may do what is checked in `models.feedback`.
"""

from __future__ import annotations
