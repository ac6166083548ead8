"""A draft: a conversation whose open question nobody has answered for a while.

Whoever wrote something in their own words and did not finish is written to once, and nothing more; whoever only
tapped is left alone. After the area's time for drafts it is erased, with whatever was sent along with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.attachment import Attachment
from models.conversation import Conversation, end

UNANSWERED_FOR = timedelta(days=1)


def own_words(answers: dict[str, Any]) -> bool:
    """Whether something was written or sent in their own words (`gather` keeps it so), finished or not."""
    return any(isinstance(kept, dict) and (kept.get("text") or kept.get("attachments")) for kept in answers.values())


def texts_in(answers: dict[str, Any]) -> list[tuple[str, list[int]]]:
    """What was written in their own words, each as it is, with the numbers of the files that came with it."""
    return [
        (kept["text"], list(kept.get("attachments", ())))
        for kept in answers.values()
        if isinstance(kept, dict) and kept.get("text")
    ]


def files_in(answers: dict[str, Any]) -> list[int]:
    return [number for kept in answers.values() if isinstance(kept, dict) for number in kept.get("attachments", ())]


def to_nudge(session: Session, moment: datetime, most: int) -> Sequence[Conversation]:
    """Drafts that have been left for a day and that nobody has looked at since, longest first."""
    return session.scalars(
        select(Conversation)
        .where(
            Conversation.ended.is_(None),
            Conversation.open.is_not(None),
            Conversation.nudged.is_(None),
            Conversation.touched <= moment - UNANSWERED_FOR,
        )
        .order_by(Conversation.touched)
        .limit(most)
    ).all()


def to_erase(session: Session, moment: datetime, days: int, most: int) -> Sequence[Conversation]:
    """What has been left for so many days. Whoever was written to about it has had a day to answer."""
    return session.scalars(
        select(Conversation)
        .where(
            Conversation.ended.is_(None),
            Conversation.touched <= moment - timedelta(days=days),
            Conversation.open.is_(None) | (Conversation.nudged <= moment - UNANSWERED_FOR),
        )
        .order_by(Conversation.touched)
        .limit(most)
    ).all()


def throw_away(session: Session, conversation: Conversation) -> None:
    """Its words go, and what was sent along with them; its number stays, so that its old buttons can explain."""
    loose = (Attachment.person_id == conversation.person_id, Attachment.feedback_id.is_(None))
    session.execute(delete(Attachment).where(Attachment.id.in_(files_in(conversation.answers)), *loose))
    end(conversation)
