"""People and roles, saved replies, alerts and the log, in the browser."""

from __future__ import annotations

import re

from sqlalchemy import Engine, select, update

from models.alert import Alert, raise_alert
from models.database import now, reading, writing
from models.desk.tables import SavedReply
from models.partnership import Partnership
from models.person import Person
from models.role import GRANTS, Permission, Role, RoleName
from tests.web.desk.colleague import audit
from tests.web.desk.conftest import Hire
from tests.web.desk.test_inbox import says
from tests.web.serving import Served
from tests.web.visitor import Visitor


def role_of(engine: Engine, person: int) -> Role:
    with reading(engine) as session:
        return session.scalars(select(Role).where(Role.person_id == person).order_by(Role.id.desc())).first() or Role()


def test_an_invite_is_shown_once_as_a_link_and_a_code(hire: Hire, engine: Engine, served: Served) -> None:
    admin = hire(RoleName.ADMIN)
    admin.sends("invite", "/people", role="viewer", organisation="nhs")
    links = re.findall(r"(http[^<\s]*/start/inv-[\w-]+)", admin.page)
    assert links
    assert "<svg" in admin.page
    admin.opens("/people")
    assert "/start/inv-" not in admin.page
    with Visitor(served.address) as somebody:
        assert "This link opens something in the chat." in somebody.looks(links[0])
    assert (admin.person, "invited", "invite:1", "viewer") in audit(engine)


def test_a_role_is_changed_and_ended_at_once(hire: Hire, engine: Engine) -> None:
    admin, staff = hire(RoleName.ADMIN), hire(RoleName.RESPONDER, title="SEN team")
    number = role_of(engine, staff.person).id
    admin.opens("/people")
    assert "SEN team" in admin.words
    admin.sends("change", f"/people/{number}", role="viewer", organisation="nhs")
    changed = role_of(engine, staff.person)
    assert (changed.name, changed.organisation) == (RoleName.VIEWER, "nhs")
    assert staff.opens("/inbox").status_code == 200
    admin.sends("remove", f"/people/{number}")
    assert "They have no access any more." in admin.words
    assert staff.opens("/inbox").status_code == 403
    assert admin.opens(f"/people/{number}").status_code == 404


def test_the_last_admin_stays(hire: Hire, engine: Engine) -> None:
    admin = hire(RoleName.ADMIN)
    number = role_of(engine, admin.person).id
    assert admin.sends("remove", f"/people/{number}").status_code == 422
    assert "This is the last admin." in admin.words
    assert admin.sends("change", f"/people/{number}", role="viewer", organisation="nhs").status_code == 422
    assert Permission.APPOINT in GRANTS[role_of(engine, admin.person).name]


def test_saved_replies_are_ones_own_or_everybodys(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    ref = says(engine, tameside)
    one, two, publisher = hire(), hire(), hire(RoleName.BROADCASTER)
    one.sends("add", "/replies", title="Thanks", text="Thank you for telling us.")
    publisher.sends("add", "/replies", title="Taxi", text="We ring the firm.", shared="yes")
    two.opens(f"/inbox/{ref}")
    assert "We ring the firm." in two.words
    assert "Thank you for telling us." not in two.words
    refused = one.sends("add", "/replies", title="All", text="For all.", shared="yes")
    assert refused.status_code == 403, "what all read is for who may publish"
    with reading(engine) as session:
        mine, shared = session.scalars(select(SavedReply).order_by(SavedReply.id))
    assert one.opens(f"/replies/{shared.id}").status_code == 404
    assert two.opens(f"/replies/{mine.id}").status_code == 404
    one.sends("delete", f"/replies/{mine.id}")
    assert "It is deleted." in one.words


def test_two_who_change_one_saved_reply(hire: Hire, engine: Engine) -> None:
    one, two = hire(RoleName.BROADCASTER), hire(RoleName.ADMIN)
    one.sends("add", "/replies", title="Taxi", text="We ring.", shared="yes")
    one.opens("/replies/1")
    two.opens("/replies/1")
    one.sends("change", title="Taxi", text="We rang.")
    assert two.sends("change", title="Taxi", text="We shall ring.").status_code == 409
    assert "We rang." in two.words
    assert "We shall ring." in two.words
    two.sends("change", title="Taxi", text="We shall ring.")
    with reading(engine) as session:
        assert session.scalars(select(SavedReply.text)).one() == "We shall ring."


def alarm(engine: Engine) -> str:
    with writing(engine) as session:
        person = Person()
        session.add(person)
        session.flush()
        raised = raise_alert(session, person.id)
        assert raised is not None
        return raised.code


def test_an_alert_is_red_on_every_desk_until_somebody_has_it(hire: Hire, engine: Engine) -> None:
    code = alarm(engine)
    viewer, safeguarding = hire(RoleName.VIEWER), hire(RoleName.SAFEGUARDING)
    for page in ("", "/inbox", "/me"):
        viewer.opens(page)
        assert "Somebody may be at risk." in viewer.page
        assert f"/desk/alerts/{code}" not in viewer.page
    assert viewer.opens(f"/alerts/{code}").status_code == 403
    safeguarding.opens("")
    assert f"/desk/alerts/{code}" in safeguarding.page
    safeguarding.sends("have", f"/alerts/{code}")
    viewer.opens("")
    assert "Somebody may be at risk." not in viewer.page
    assert safeguarding.sends("decide", f"/alerts/{code}", decision="told", why="").status_code == 422
    safeguarding.sends("decide", decision="told", why="The team knows.")
    with reading(engine) as session:
        alert = session.scalars(select(Alert)).one()
        assert (alert.decision, alert.reason, alert.seen_by) == ("told", "The team knows.", safeguarding.person)
    safeguarding.opens("/alerts")
    assert code in safeguarding.words
    assert (safeguarding.person, "looked at", f"alert:{alert.id}", "desk:2") in audit(engine)


def test_the_log_says_who_looked_at_what(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    ref = says(engine, tameside)
    staff, admin = hire(title="SEN team"), hire(RoleName.ADMIN)
    staff.opens(f"/inbox/{ref}")
    admin.opens(f"/log?person={staff.person}&deed=looked+at")
    assert "SEN team" in admin.words.partition("When")[2]
    assert "feedback:1" in admin.words
    admin.opens("/log?deed=invited&day=2020-01-01&person=x&after=nonsense")
    assert "Nothing here." in admin.words
    assert (admin.person, "looked at", "audit", "desk:2") in audit(engine)
    with writing(engine) as session:
        session.execute(update(Role).where(Role.person_id == staff.person).values(ended=now()))
    admin.opens(f"/log?person={staff.person}")
    assert "SEN team" in admin.words.partition("When")[2], "also who has gone"
