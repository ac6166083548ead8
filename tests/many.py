"""Many families who said many things, out of a seed: the same every time, nobody's real words and nobody's name.

    .venv/bin/python -m tests.many sqlite:///many.db --families 2000 --feedback 10000

It writes rows as the program would, in slices; the words are put together out of everyday parts.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from sqlalchemy import Engine, insert

from bot.migrations import migrate
from bot.partnership import open_partnership
from models.area import Area
from models.audit import Audit
from models.database import open_database, writing
from models.feedback import ALPHABET, Feedback, FeedbackNote, FeedbackStatus, Side, Status, Visibility
from models.looking import LOOKED
from models.person import Address, Kind, Person
from models.role import Role, RoleName

WHO = "The taxi|The bus|The school|The speech therapist|The office|Our nurse|The club|The new room|The form|The plan".split(
    "|"
)
WHAT = (
    "was late again|did not come|rang us back|never answers|is lovely|was full|listens to us|is hard to find|"
    "moved without a word|helped him a lot|asks the same each time|takes too long"
).split("|")
MORE = (
    "It was the third time this week.|She cried all evening.|We waited 14 months.|Nobody told us why.|"
    "Please say what happens next.|He loves going there now.|I had to leave work early.|Thank you for that.|"
    "We have asked for this twice.|Could somebody ring us?"
).split("|")
REPLIES = (
    "We have passed it on.|We rang the firm.|We look into it and write by Friday.|Thank you for telling us.".split("|")
)
SLICE = 1000


def fill(
    engine: Engine, area: Area, *, families: int, feedback: int, seed: int = 1, today: datetime | None = None
) -> None:
    """So many families, and so many things that they said in the last two years; six members of staff."""
    draw = random.Random(seed)
    moment = today or datetime.now(UTC)
    with writing(engine) as session:
        session.execute(insert(Person), [_person(draw, area, number, moment) for number in range(1, families + 1)])
        session.execute(
            insert(Address),
            [
                {"channel": "web", "key": f"family {n}", "person_id": n, "last_heard": moment}
                for n in range(1, families + 1)
            ],
        )
        staff = [families + place + 1 for place in range(len(RoleName))]
        session.execute(insert(Person), [{"id": number, "language": "en", "created": moment} for number in staff])
        session.execute(
            insert(Role),
            [
                {
                    "person_id": number,
                    "name": name,
                    "organisation": "council",
                    "title": f"{name} team",
                    "granted": moment,
                }
                for number, name in zip(staff, RoleName, strict=True)
            ],
        )
    for first in range(1, feedback + 1, SLICE):
        numbers = range(first, min(first + SLICE, feedback + 1))
        rows = [_feedback(draw, area, number, families, moment) for number in numbers]
        with writing(engine) as session:
            session.execute(insert(Feedback), rows)
            session.execute(
                insert(FeedbackStatus),
                [{"feedback_id": one["id"], "status": Status.HEARD, "at": one["received"]} for one in rows],
            )
            answered = [one for one in rows if one["answered"] is not None]
            session.execute(
                insert(FeedbackNote),
                [
                    {
                        "feedback_id": one["id"],
                        "side": Side.STAFF,
                        "author_id": draw.choice(staff),
                        "text": draw.choice(REPLIES),
                        "attachments": [],
                        "at": one["answered"],
                    }
                    for one in answered
                ],
            )
            session.execute(
                insert(Audit),
                [
                    {
                        "person_id": draw.choice(staff),
                        "deed": LOOKED,
                        "about": f"feedback:{one['id']}",
                        "at": one["answered"],
                    }
                    for one in answered
                ],
            )


def _person(draw: random.Random, area: Area, number: int, moment: datetime) -> dict[str, object]:
    language = draw.choices(area.languages, [8, *[1] * (len(area.languages) - 1)])[0]
    return {"id": number, "kind": draw.choice(list(Kind)), "language": language, "created": moment}


def _feedback(draw: random.Random, area: Area, number: int, families: int, moment: datetime) -> dict[str, object]:
    received = moment - timedelta(minutes=draw.randrange(1, 2 * 365 * 24 * 60))
    # Nine in ten of what is older than two weeks has been answered, and little of what is newer.
    old = received < moment - timedelta(days=14)
    answered = received + timedelta(days=draw.randrange(1, 12)) if draw.random() < (0.9 if old else 0.1) else None
    left, reference = number, ""
    for _place in range(6):
        left, letter = divmod(left, len(ALPHABET))
        reference += ALPHABET[letter]
    return {
        "id": number,
        "ref": reference,
        "person_id": draw.randrange(1, families + 1),
        "topic": draw.choice(area.topics).key,
        "text": " ".join([f"{draw.choice(WHO)} {draw.choice(WHAT)}.", *draw.sample(MORE, draw.randrange(4))]),
        "feeling": draw.choice([None, 1, 2, 3, 4, 5]),
        "visibility": draw.choices(list(Visibility), [4, 4, 1, 1])[0],
        "language": "en",
        "status": draw.choice(list(Status)) if answered else Status.HEARD,
        "received": received,
        "answer_by": area.answer_by(received),
        "answered": min(answered, moment) if answered else None,
    }


def main(
    url: str,
    families: Annotated[int, typer.Option()] = 2000,
    feedback: Annotated[int, typer.Option()] = 10_000,
    seed: Annotated[int, typer.Option()] = 1,
    area: Annotated[str, typer.Option()] = "tameside",
) -> None:
    """Fill an empty database."""
    engine = open_database(url)
    migrate(engine)
    fill(engine, open_partnership(area, "").area, families=families, feedback=feedback, seed=seed)
    print(f"{families} families said {feedback} things.")


if __name__ == "__main__":
    typer.run(main)
