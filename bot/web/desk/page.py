"""What a page of the desk is, and the small language that pages are written in.

A page is two kinds of plain, synchronous functions that take a `Desk`: one that shows it, in a session that only looks,
and those that its forms do, each in one transaction. None of them commits, knows of cookies, or asks who is there: all
that is done before (`bot/web/desk/edge.py`).

    def show(desk: Desk) -> Response:
        return desk.page("colour.html", _("Colour"), colour=colour_of(desk.session))

    def change(desk: Desk) -> Go:
        colour = desk.text("colour", required=_("Which colour?"))
        desk.unless_changed(colour_of(desk.session).version)
        paint(desk.session, desk.person, colour)
        return Go("/desk/colour", _("It is painted."))

    PAGE = Page("/colour", Permission.READ, show, {"change": Act(Permission.ANSWER, change)}, label=lambda: _("Colour"))
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, Response

from bot.web.site import Site
from locales import _, dates
from models.alert import may_take, nobody_has
from models.area import Area
from models.desk.drafts import draft_of, drop_draft
from models.desk.tables import DeskSession
from models.looking import when_looked
from models.partnership import Partnership
from models.person import Person
from models.role import Permission, may, require

HOME = "/desk"
# A text in a form: about eight printed pages.
MOST_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Go:
    """Done: the browser goes to this page (a path on this site), which says so first."""

    to: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """What one form of a page does. `do` may be run again, so it does nothing but read and write rows. It answers with
    a page itself only where something can be shown once.

    `others`: it writes to families, so the post has to look."""

    permission: Permission
    do: Callable[[Desk], Go | Response]
    others: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """`path` stands below /desk, as Starlette writes it ("/feedback/{ref}"); each act of `acts` is a POST to the path
    and its name ("/feedback/{ref}/reply"). With a `label` it has a line in the navigation."""

    path: str
    permission: Permission
    show: Callable[[Desk], Response]
    acts: Mapping[str, Act] = field(default_factory=dict)
    label: Callable[[], str] | None = None

    @property
    def address(self) -> str:
        return HOME + self.path


class NotThere(Exception):
    """There is no such thing, or not for this person: the two look the same.

    `about`: what it is that is closed to them, for the audit alone."""

    def __init__(self, about: str = "") -> None:
        super().__init__(about)
        self.about = about


class Wrong(Exception):
    """A form was not taken; nothing was done. Its page is shown again with what was typed, and says what is wrong.

    `problems`: a sentence by the name of its field; "" is the form as a whole."""

    def __init__(self, problems: Mapping[str, str], status: int = 422) -> None:
        super().__init__(", ".join(problems))
        self.problems, self.status = dict(problems), status


class ChangedMeanwhile(Wrong):
    """Somebody else changed it since this page was shown. The page, shown again, has both texts; its writer decides."""

    def __init__(self, said: str = "") -> None:
        said = said or _("This has changed since you opened it. Look at what is new. Then decide about your words.")
        super().__init__({"": said}, 409)


@dataclass
class Desk:
    """One request of a member of staff who may be here."""

    session: Session
    site: Site
    here: DeskSession
    token: str
    address: str
    # What stands in the path, and what was asked or sent along.
    names: Mapping[str, Any]
    fields: Mapping[str, str]
    marked: Mapping[str, list[str]]
    navigation: tuple[Page, ...] = ()
    page_path: str = ""
    # The form that was not taken, if one was sent: which, what is wrong with it.
    act: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    # Whose words were shown: recorded before the page leaves.
    looks: list[str] = field(default_factory=list)

    @property
    def person(self) -> Person:
        return self.here.person

    @property
    def partnership(self) -> Partnership:
        return self.site.chat.partnership

    @property
    def area(self) -> Area:
        return self.site.area

    @property
    def occasion(self) -> str:
        """Under what a look is recorded: once for each time that somebody has signed in."""
        return f"desk:{self.here.id}"

    def may(self, permission: Permission) -> bool:
        return may(self.session, self.person, permission)

    def require(self, permission: Permission) -> None:
        require(self.session, self.person, permission)

    def look(self, about: str) -> None:
        """Somebody's words stand on this page: the look is recorded before they leave."""
        if about not in self.looks and when_looked(self.session, self.person, about, self.occasion) is None:
            self.looks.append(about)

    # -- reading a form

    def text(self, name: str, *, required: str = "", most: int = MOST_CHARACTERS) -> str:
        """What was written in a field. Raises `Wrong` with `required` where it is empty."""
        text = self.fields.get(name, "").replace("\r\n", "\n").strip()
        if required and not text:
            raise Wrong({name: required})
        if len(text) > most:
            raise Wrong({name: _("That is too long. At most {most} letters fit.", most=most)})
        return text

    def chosen(self, name: str, offered: Container[Any], *, required: str = "") -> str:
        """A choice among these; anything else counts as none."""
        value = self.fields.get(name, "")
        if value in offered:
            return value
        if required:
            raise Wrong({name: required})
        return ""

    def unless_changed(self, version: object) -> None:
        """Two people working on one thing never overwrite each other silently.

        `version` is what `seen` was in the form: any text that changes when the thing does. Raises
        `ChangedMeanwhile`."""
        if self.fields.get("seen", "") != str(version):
            raise ChangedMeanwhile

    # -- drafts

    def draft(self, form: str) -> Mapping[str, str]:
        """What to put into the fields of this form: what was just sent and not taken, else what was begun before."""
        if self.problems and self.fields.get("form") == form:
            return self.fields
        return draft_of(self.session, self.person, form)

    def sent(self, form: str) -> None:
        """This form has done its work: its draft goes."""
        drop_draft(self.session, self.person, form)

    # -- drawing

    def page(self, template: str, title: str, status: int = 0, **what: Any) -> HTMLResponse:
        """A template of templates/desk/, in the language of whoever looks."""
        html = self.site.draw(
            f"desk/{template}",
            self.person.language,
            desk=self,
            title=title,
            lines=[one for one in self.navigation if one.label and self.may(one.permission)],
            alerts=nobody_has(self.session),
            takes_alerts=may_take(self.session, self.person),
            moment=lambda at: dates.moment(at, self.area.zone),
            **what,
        )
        return HTMLResponse(html, status or 200)
