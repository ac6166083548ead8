"""The desk: where staff read, answer, publish and look after the rest, in a browser.

One page a file, each ending with a `Page`; this is their list, in the order of the navigation. `page` is the language
they are written in, `edge` stands between them and the browser, `door` lets in and out, `paging` turns long lists over.
"""

from __future__ import annotations

from starlette.routing import BaseRoute

from bot.web.desk import (
    alerts,
    call_meeting,
    card,
    change_meeting,
    complaints,
    directory,
    duty,
    feedback,
    inbox,
    log,
    me,
    meeting,
    meetings,
    people,
    publications,
    pulses,
    questions,
    replies,
    report,
    second_look,
    themes,
    today,
    writing,
)
from bot.web.desk.door import Door
from bot.web.desk.edge import Edge
from bot.web.desk.page import Page
from bot.web.site import Site

PAGES: tuple[Page, ...] = (
    today.PAGE,
    inbox.PAGE,
    feedback.PAGE,
    feedback.FILE,
    themes.PAGE,
    themes.ONE,
    writing.SAY,
    publications.PAGE,
    writing.NEW,
    publications.ONE,
    pulses.PAGE,
    pulses.ONE,
    pulses.PICTURE,
    alerts.PAGE,
    alerts.ONE,
    second_look.PAGE,
    duty.PAGE,
    meetings.PAGE,
    meeting.PAGE,
    call_meeting.PAGE,
    change_meeting.PAGE,
    directory.PAGE,
    questions.PAGE,
    card.PAGE,
    replies.PAGE,
    replies.ONE,
    complaints.PAGE,
    complaints.ONE,
    people.PAGE,
    people.ONE,
    report.PAGE,
    report.ONE,
    report.FILE,
    log.PAGE,
    me.PAGE,
)


def desk_routes(site: Site) -> list[BaseRoute]:
    edge = Edge(site, PAGES)
    return [*Door(edge).routes(), *edge.routes(), edge.elsewhere()]
