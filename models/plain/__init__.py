"""Plain words: how old one must be to read a text with ease, and what would make it plainer (H4).

`reading_age` is what a test holds every text of ours to; `check` is what staff see before theirs go out,
`check_reply` before one goes to a family. They are about English: what is written in another language is not judged.
"""

from __future__ import annotations

from models.plain.reading import reading_age, sentences, syllables, words
from models.plain.remarks import Remark, RemarkKind, check
from models.plain.replies import check_reply

__all__ = ["Remark", "RemarkKind", "check", "check_reply", "reading_age", "sentences", "syllables", "words"]
