"""An item of "you said, we are doing": what several people said together, and what is being done about it (T1)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, now
from models.feedback import Status


class Theme(Base):
    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The row of the area's you_said.jsonl that it came from, if it did: loading the area again finds it.
    source_id: Mapped[str | None] = mapped_column(unique=True)
    topic: Mapped[str]
    said: Mapped[str]
    status: Mapped[Status] = mapped_column(default=Status.HEARD)
    made: Mapped[datetime] = mapped_column(default=now)
