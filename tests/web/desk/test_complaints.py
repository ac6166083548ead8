"""Complaints about data at the desk: days left, acknowledged, closed; the family is told."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, select

from models import complaint as complaints
from models.complaint import DataComplaint
from models.database import now, reading, writing
from models.partnership import Partnership
from models.person import meet
from models.role import RoleName
from tests.web.desk.colleague import audit
from tests.web.desk.conftest import Hire
from tests.web.desk.test_inbox import says, sent


def complained(engine: Engine, partnership: Partnership, words: str = "They gave my data to Dave Oakes.") -> str:
    with writing(engine) as session:
        person = meet(session, "terminal", "family").person
        return complaints.complain(session, partnership.area, person, words).code


def kept(engine: Engine) -> DataComplaint:
    with reading(engine) as session:
        return session.scalars(select(DataComplaint)).one()


def test_it_is_acknowledged_and_closed_and_the_family_is_told(
    hire: Hire, engine: Engine, tameside: Partnership
) -> None:
    code = complained(engine, tameside)
    admin = hire(RoleName.ADMIN)
    admin.opens("/complaints")
    assert code in admin.words
    assert "29 days left" in admin.words
    assert "Dave" not in admin.words, "the list shows nobody's words"
    admin.opens(f"/complaints/{code}")
    assert "They gave my data to" in admin.words
    assert "<mark>" in admin.page
    assert (admin.person, "looked at", kept(engine).about, "desk:1") in audit(engine)
    admin.sends("acknowledge")
    assert "It is kept, and the family is told." in admin.words
    assert f"We have your complaint about data, {code}." in sent(engine)[-1]
    admin.sends("close", outcome="")
    assert "Say what you found, and what was done." in admin.words
    admin.sends("close", outcome="We asked them to erase it.")
    assert "We asked them to erase it." in sent(engine)[-1]
    assert kept(engine).closed is not None
    admin.opens("/complaints")
    assert "No complaint is open." in admin.words
    admin.opens("/complaints?show=all")
    assert code in admin.words


def test_whoever_is_second_is_told_that_it_is_done(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    code = complained(engine, tameside)
    one, two = hire(RoleName.ADMIN), hire(RoleName.ADMIN)
    two.opens(f"/complaints/{code}")
    one.sends("acknowledge", f"/complaints/{code}")
    response = two.sends("acknowledge")
    assert response.status_code == 409
    assert "A colleague was quicker." in two.words
    assert len(sent(engine)) == 1


def test_one_that_is_late_says_so_and_a_message_is_marked(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    code = complained(engine, tameside)
    with writing(engine) as session:
        session.scalars(select(DataComplaint)).one().acknowledge_by = tameside.area.today(now()) - timedelta(days=2)
    ref = says(engine, tameside, "You told my data to the school.")
    admin = hire(RoleName.ADMIN)
    admin.opens(f"/complaints/{code}")
    assert "2 days late" in admin.words
    admin.sends("mark", "/complaints", ref="NOTONE")
    assert "I do not find that reference." in admin.words
    admin.sends("mark", ref=ref)
    assert f"{ref} is complaint D2 now." in admin.words
    assert "You told my data to the school." in admin.words
