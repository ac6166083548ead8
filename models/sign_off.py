"""Which of the words said to somebody in danger the safeguarding lead has read and signed off.

What is signed is a digest of the English sentence: a sentence that is changed afterwards is unsigned again, without
anybody having to remember it. Signed in the chat, it is a row; signed with the machine, it stands in the area's own
`signed_off.toml`, which goes where the area goes. Either counts.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.area import Area
from models.audit import record
from models.database import Base, now
from models.person import Person
from models.role import Permission, require

FILE = "signed_off.toml"
_HEAD = (
    "# The words said to somebody in danger that were read and signed off: by which role, and on which day.\n"
    "# `yousaid sign-off` writes this. A sentence that is changed afterwards counts as unsigned.\n"
)


class SignedOff(Base):
    __tablename__ = "signed_off"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    digest: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    # The role in which they signed: what stays true when the person has gone.
    role: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)


@dataclass(frozen=True, slots=True)
class Signature:
    digest: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """What is still to be signed: sentences that nobody ever signed, and those that were changed since."""

    never: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        return self.never + self.changed


def digest_of(sentence: str) -> str:
    return hashlib.sha256(sentence.encode()).hexdigest()[:16]


def standing(area: Area, sentences: Mapping[str, str], session: Session | None = None) -> Standing:
    """Of these sentences (name: English), which are not signed off. Without a session the file alone counts."""
    signed: dict[str, set[str]] = {}
    for name, one in in_file(area.folder).items():
        signed.setdefault(name, set()).add(one.digest)
    if session is not None:
        for name, digest in session.execute(select(SignedOff.name, SignedOff.digest)):
            signed.setdefault(name, set()).add(digest)
    missing = [name for name, sentence in sentences.items() if digest_of(sentence) not in signed.get(name, set())]
    return Standing(
        never=tuple(name for name in missing if name not in signed),
        changed=tuple(name for name in missing if name in signed),
    )


def sign(session: Session, by: Person, name: str, sentence: str, role: str) -> None:
    """Somebody who looks after alerts has read this sentence, and it may be said. Raises `NotAllowed`."""
    require(session, by, Permission.PROTECT)
    session.add(SignedOff(name=name, digest=digest_of(sentence), by_id=by.id, role=role))
    record(session, by, "signed off", f"words:{name}", digest_of(sentence))
    session.flush()


def in_file(folder: Path) -> dict[str, Signature]:
    """What the area's own file says. Raises ValueError when it cannot be read."""
    path = folder / FILE
    if not path.exists():
        return {}
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: Signature(str(one["digest"]), str(one["by"]), one["on"]) for name, one in read.items()}
    except (tomllib.TOMLDecodeError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is not as `yousaid sign-off` writes it") from error


def write_file(folder: Path, sentences: Mapping[str, str], by: str, on: date) -> None:
    """Sign these sentences in the area's file, beside what stands there."""
    signed = in_file(folder) | {name: Signature(digest_of(text), by, on) for name, text in sentences.items()}
    lines = [_HEAD]
    for name, one in sorted(signed.items()):
        by_whom = one.by.replace("\\", "").replace('"', "'")
        lines.append(f'[{name}]\ndigest = "{one.digest}"\nby = "{by_whom}"\non = {one.on.isoformat()}\n')
    (folder / FILE).write_text("\n".join(lines), encoding="utf-8")
