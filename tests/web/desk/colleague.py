"""A member of staff at the desk, over plain HTTP, without a script."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx
from sqlalchemy import Engine, select

from models.audit import Audit
from models.database import reading, writing
from models.desk.signing_in import lend_link
from models.person import Person
from models.role import Role, RoleName
from tests.web.visitor import Visitor


def hired(engine: Engine, role: RoleName, organisation: str = "council", language: str = "en", title: str = "") -> int:
    """Somebody new who works for the partnership; the number of the person."""
    with writing(engine) as session:
        person = Person(language=language)
        session.add(Role(person=person, name=role, organisation=organisation, title=title))
        session.flush()
        return person.id


def link_for(engine: Engine, person: int) -> str:
    """The secret of a link, as the bot would send it."""
    with writing(engine) as session:
        return lend_link(session, session.get_one(Person, person))


def audit(engine: Engine) -> list[tuple[int | None, str, str, str]]:
    with reading(engine) as session:
        return [(one.person_id, one.deed, one.about, one.detail) for one in session.scalars(select(Audit))]


class Colleague(Visitor):
    """Signed in from the start, unless `signed_in` says otherwise."""

    def __init__(
        self,
        engine: Engine,
        address: str,
        role: RoleName = RoleName.RESPONDER,
        organisation: str = "council",
        *,
        language: str = "en",
        person: int = 0,
        title: str = "",
    ) -> None:
        super().__init__(address)
        self.engine = engine
        self.person = person or hired(engine, role, organisation, language, title)
        self.enters(link_for(engine, self.person))

    def enters(self, secret: str) -> httpx.Response:
        return self._shown(self.http.post("/desk/enter", data={"token": secret}))

    def opens(self, path: str = "") -> httpx.Response:
        return self._shown(self.http.get(f"/desk{path}"))

    def sends(self, act: str, page: str | None = None, **fields: Any) -> httpx.Response:
        """Sends the form of this act, with what is hidden in it, as it stands on the page that is shown.

        `page` is looked at first, where given."""
        if page is not None:
            self.opens(page)
        found = re.search(r'<form[^>]*action="([^"]*/' + re.escape(act) + r')"[^>]*>(.*?)</form>', self.page, re.S)
        if found is None:  # a second button of a form
            whole = r'<form((?:(?!</form>).)*?formaction="([^"]*/' + re.escape(act) + r')".*?)</form>'
            other = re.search(whole, self.page, re.S)
            assert other, f"no form {act!r} on this page"
            inside, address = other[1], other[2]
        else:
            inside, address = found[2], found[1]
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', inside))
        data = {name: html.unescape(value) for name, value in hidden.items()} | fields
        return self._shown(self.http.post(html.unescape(address), data=data))

    @property
    def words(self) -> str:
        """What the page says, without its markup."""
        main = self.page.partition("<main")[2]
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())
