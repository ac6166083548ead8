"""Whoever may not, tries every page and every act of the desk by its address: each is refused, and in the audit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, update

from bot.web.desk import PAGES
from bot.web.desk.edge import form_token
from models.audit import Audit
from models.database import now, reading, writing
from models.role import GRANTS, Permission, Role, RoleName
from tests.web.desk.colleague import Colleague
from tests.web.serving import Served
from tests.web.visitor import Visitor


@dataclass(frozen=True)
class Try:
    """One address of the desk, and what it takes to be let in there."""

    method: str
    about: str
    needs: frozenset[Permission]

    @property
    def path(self) -> str:
        """With names in it that belong to nothing."""
        return re.sub(r"\{(\w+)(:\w+)?\}", lambda found: "999999" if found[2] else "nothing", self.about)


def every_try() -> Iterator[Try]:
    for page in PAGES:
        yield Try("GET", page.address, frozenset({page.permission}))
        for name, act in page.acts.items():
            yield Try("POST", f"{page.address}/{name}", frozenset({page.permission, act.permission}))


TRIES = list(every_try())


def refusals(engine: Engine) -> list[tuple[int | None, str, str]]:
    with reading(engine) as session:
        rows = session.query(Audit).filter(Audit.deed == "refused").order_by(Audit.id)
        return [(one.person_id, one.about, one.detail) for one in rows]


def tries(visitor: Visitor, one: Try) -> int:
    """With the right token for this browser, so that only the role is in the way."""
    data = {"token": form_token(visitor.http.cookies.get("yousaid-desk") or "")}
    send = visitor.http.get(one.path) if one.method == "GET" else visitor.http.post(one.path, data=data)
    return send.status_code


@pytest.fixture(autouse=True)
def _all_are_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.desk.edge.REFUSALS_A_MINUTE", 10_000)
    monkeypatch.setattr("bot.web.desk.door.TRIES_A_MINUTE", 10_000)


def test_there_are_pages_to_try() -> None:
    assert len(TRIES) >= 2
    assert len({(one.method, one.about) for one in TRIES}) == len(TRIES)


@pytest.mark.parametrize("role", list(RoleName))
def test_each_role_is_let_in_where_it_may_and_nowhere_else(served: Served, engine: Engine, role: RoleName) -> None:
    with Colleague(engine, served.address, role) as staff:
        expected = []
        for one in TRIES:
            status = tries(staff, one)
            if one.needs <= GRANTS[role]:
                assert status != 403, one
                if status == 404:
                    expected.append((staff.person, one.about, "not there"))
            else:
                assert status == 403, one
                expected.append((staff.person, one.about, "role"))
        assert refusals(engine) == expected


def test_whoever_is_no_longer_staff_is_refused_everywhere(served: Served, engine: Engine) -> None:
    for one in TRIES:
        with Colleague(engine, served.address, RoleName.ADMIN) as staff:
            with writing(engine) as session:
                session.execute(update(Role).values(ended=now()))
            assert tries(staff, one) == 403, one
            assert refusals(engine)[-1] == (staff.person, one.about, "no longer staff")


def test_a_family_and_a_stranger_are_refused_everywhere(served: Served, engine: Engine) -> None:
    with Visitor(served.address) as family, Visitor(served.address) as stranger:
        family.says("picnic")
        for one in TRIES:
            assert tries(stranger, one) == 403, one
            assert refusals(engine)[-1] == (None, one.about, "stranger")
            assert tries(family, one) == 403, one
            person, about, why = refusals(engine)[-1]
            assert person is not None
            assert about == one.about
            assert why.endswith("known to the chat")


def test_the_same_with_a_wrong_token(served: Served, engine: Engine) -> None:
    with Colleague(engine, served.address, RoleName.ADMIN) as staff:
        for one in TRIES:
            if one.method == "POST":
                assert staff.http.post(one.path, data={"token": "invented"}).status_code == 403, one
                assert refusals(engine)[-1] == (staff.person, one.about, "wrong token")
                assert staff.http.post(one.path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403, one
                assert refusals(engine)[-1] == (staff.person, one.about, "from elsewhere")
