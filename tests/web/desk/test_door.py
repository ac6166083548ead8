"""Coming in at the desk, staying in, and being put out."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import Engine, select, update

from models.database import now, reading, writing
from models.desk.signing_in import IDLE_FOR, LASTS_FOR
from models.desk.tables import DeskDraft, DeskLink, DeskSession
from models.partnership import Partnership
from models.person import Address, meet
from models.role import Role, RoleName, everybody, remove
from tests.web.desk.colleague import Colleague, audit, hired, link_for
from tests.web.desk.conftest import Hire
from tests.web.serving import Served, serving
from tests.web.visitor import FROM_HERE, Visitor


def test_the_bot_sends_a_link_that_opens_the_desk_once(served: Served, engine: Engine) -> None:
    with Visitor(served.address) as staff:
        staff.says("picnic")
        with writing(engine) as session:
            [known] = session.scalars(select(Address))
            session.add(Role(person=known.person, name=RoleName.ADMIN, organisation="council"))
        staff.says("desk")
        [link] = re.findall(r'href="(http[^"]*/desk/enter/[^"]+)"', staff.page)
        # A messenger looks at it, to show what is behind it: that does not use it up.
        assert "Open the staff desk here?" in httpx.get(html.unescape(link)).text
        page = staff.looks(html.unescape(link))
        assert "Open the staff desk here?" in page
        [token] = re.findall(r'name="token" value="([^"]+)"', page)
        opened = staff.http.post("/desk/enter", data={"token": token})
        assert opened.url.path == "/desk"
        assert "<h1>Today</h1>" in opened.text
        again = httpx.post(served.address + "/desk/enter", data={"token": token}, headers=FROM_HERE)
        assert again.status_code == 403
        assert "This link does not work." in again.text


def test_a_link_is_too_old_after_ten_minutes(served: Served, engine: Engine) -> None:
    person = hired(engine, RoleName.RESPONDER)
    secret = link_for(engine, person)
    with writing(engine) as session:
        session.execute(update(DeskLink).values(expires=now()))
    with Visitor(served.address) as late:
        assert late.http.post("/desk/enter", data={"token": secret}).status_code == 403
    assert audit(engine)[-1] == (None, "refused", "/desk/enter", "old link")


def test_the_cookie_is_for_the_server_alone_and_the_database_cannot_use_it(served: Served, engine: Engine) -> None:
    person = hired(engine, RoleName.RESPONDER)
    with Visitor(served.address) as staff:
        answer = staff.http.post(
            "/desk/enter", data={"token": link_for(engine, person)}, follow_redirects=False
        ).headers["set-cookie"]
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(answer.split("; "))
        assert "Max-Age" not in answer
        secret = staff.http.cookies["yousaid-desk"]
        with reading(engine) as session:
            [row] = session.scalars(select(DeskSession))
            [link] = session.scalars(select(DeskLink))
        assert secret not in (row.secret_digest, link.secret_digest)
        assert len(secret) >= 43


def test_over_https_the_cookie_is_for_https_alone(engine: Engine, tameside: Partnership) -> None:
    person = hired(engine, RoleName.RESPONDER)
    with serving(engine, tameside, public="https://chat.example.org") as served, Visitor(served.address) as staff:
        response = staff.http.post("/desk/enter", data={"token": link_for(engine, person)}, follow_redirects=False)
        assert response.headers["set-cookie"].startswith("__Host-yousaid-desk=")
        assert "Secure" in response.headers["set-cookie"]


@pytest.mark.parametrize("change", ["idle", "long"])
def test_nobody_finds_yesterdays_desk_open(hire: Hire, engine: Engine, change: str) -> None:
    staff = hire()
    assert staff.opens().status_code == 200
    over = {"idle": {"seen": now() - IDLE_FOR}, "long": {"made": now() - LASTS_FOR, "expires": now()}}[change]
    with writing(engine) as session:
        session.execute(update(DeskSession).values(**over))
    refused = staff.opens()
    assert refused.status_code == 403
    assert "You have been signed out." in refused.text
    assert "yousaid-desk" not in staff.http.cookies


def test_using_it_keeps_it_open(hire: Hire, engine: Engine) -> None:
    staff = hire()
    with writing(engine) as session:
        session.execute(update(DeskSession).values(seen=now() - IDLE_FOR + timedelta(minutes=1)))
    staff.opens()
    with reading(engine) as session:
        assert session.scalars(select(DeskSession.seen)).one() > now() - timedelta(minutes=5)


def test_signing_out_here_and_everywhere(hire: Hire, engine: Engine) -> None:
    here = hire()
    there = hire(person=here.person)
    waiting = link_for(engine, here.person)
    here.sends("out", "")
    assert "You are signed out here." in here.words
    assert here.opens().status_code == 403
    assert there.opens().status_code == 200
    there.sends("out-everywhere", "/me")
    assert "You are signed out everywhere." in there.words
    assert there.enters(waiting).status_code == 403, "a link that was made before opens nothing any more"
    assert [deed for _who, deed, _about, _detail in audit(engine) if deed.startswith("signed out")] == [
        "signed out",
        "signed out everywhere",
    ]


def test_whoever_is_removed_is_out_at_once(hire: Hire, engine: Engine) -> None:
    staff = hire()
    secret = link_for(engine, staff.person)
    staff.opens()
    with writing(engine) as session:
        [role] = everybody(session)
        remove(session, role, None)
        # And a role given back later does not wake the old session.
        session.add(Role(person_id=staff.person, name=RoleName.RESPONDER, organisation="council"))
    assert staff.opens().status_code == 403
    assert staff.enters(secret).status_code == 403


def test_a_session_whose_role_ended_by_other_means_ends_too(hire: Hire, engine: Engine) -> None:
    staff = hire()
    with writing(engine) as session:
        session.execute(update(Role).values(ended=now()))
    refused = staff.opens()
    assert refused.status_code == 403
    assert "Your role has ended." in refused.text
    assert audit(engine)[-1] == (staff.person, "refused", "/desk", "no longer staff")
    with reading(engine) as session:
        assert session.scalars(select(DeskSession.ended)).one() is not None


def test_a_form_needs_the_token_of_this_browser(hire: Hire, engine: Engine) -> None:
    one, other = hire(), hire()
    other.opens()
    [stolen, *_more] = re.findall(r'name="token" value="([^"]+)"', other.page)
    for token in ("", "invented", stolen):
        refused = one.http.post("/desk/out", data={"token": token})
        assert refused.status_code == 403
        assert "That did not come from this desk." in refused.text
    assert audit(engine)[-1] == (one.person, "refused", "/desk/out", "wrong token")
    from_elsewhere = one.http.post("/desk/out", data={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert from_elsewhere.status_code == 403
    assert audit(engine)[-1] == (one.person, "refused", "/desk/out", "from elsewhere")
    assert one.opens().status_code == 200


def test_strangers_and_families_get_a_kind_page_and_a_line_in_the_audit(served: Served, engine: Engine) -> None:
    with Visitor(served.address) as stranger:
        refused = stranger.http.get("/desk")
        assert refused.status_code == 403
        assert "This page is for staff." in refused.text
        assert stranger.http.get("/desk/no-such-page").status_code == 404
        assert stranger.http.delete("/desk/me").status_code == 404
    with Visitor(served.address) as family:
        family.says("picnic")
        assert family.http.get("/desk/me").status_code == 403
        family.says("desk")
        assert "That is for staff." in " ".join(family.lines)
    assert [(deed, about, why) for _who, deed, about, why in audit(engine)] == [
        ("refused", "/desk", "stranger"),
        ("refused", "/desk/…", "no such page"),
        ("refused", "/desk/…", "no such page"),
        ("refused", "/desk/me", "stranger, known to the chat"),
    ]
    assert audit(engine)[-1][0] is not None, "whom the chat knows is named by number"


def test_what_is_being_typed_is_kept_and_is_its_writers_alone(hire: Hire, engine: Engine) -> None:
    staff = hire()
    staff.opens()
    [token, *_more] = re.findall(r'name="token" value="([^"]+)"', staff.page)
    kept = staff.http.post("/desk/draft", data={"token": token, "form": "reply:1", "text": "Dear all", "seen": "3"})
    assert kept.json() == {"kept": True}
    with reading(engine) as session:
        [row] = session.scalars(select(DeskDraft))
        assert (row.person_id, row.form, row.fields) == (staff.person, "reply:1", {"text": "Dear all"})
    staff.http.post("/desk/draft", data={"token": token, "form": "reply:1", "text": "  "})
    with reading(engine) as session:
        assert session.scalars(select(DeskDraft)).all() == []


def test_every_answer_keeps_the_strict_policy(hire: Hire) -> None:
    staff = hire()
    for path in ("", "/me", "/nowhere"):
        headers = staff.opens(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert " style=" not in staff.page
        assert " onclick=" not in staff.page


def test_meeting_somebody_is_no_way_in(served: Served, engine: Engine) -> None:
    """The secret of the chat opens the chat, also for staff; the desk asks for its own."""
    with Visitor(served.address) as staff:
        staff.says("picnic")
        with writing(engine) as session:
            person = meet(session, "web", "somebody").person
            session.add(Role(person=person, name=RoleName.ADMIN, organisation="council"))
        staff.http.cookies.set("yousaid-desk", staff.http.cookies["yousaid"])
        assert staff.http.get("/desk").status_code == 403


def test_colleague_in_urdu_reads_from_right_to_left(hire: Hire) -> None:
    staff: Colleague = hire(language="ur")
    staff.opens()
    assert '<html lang="ur" dir="rtl">' in staff.page
