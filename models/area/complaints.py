"""What is missing or out of date in an area that loads: `yousaid doctor` says it to whoever runs the machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from models.area.area import Area
from models.area.facts import Confidence, ContactFacts

# A wrong number is worst where somebody rings it in danger: rung by staff each quarter. The rest, once a year.
DANGER_DAYS = 90
USUAL_DAYS = 365
# Short numbers that the whole country shares do not change.
NEVER_OLD = frozenset({"999", "101", "111"})


def complaints(area: Area, today: date) -> list[str]:
    """One sentence for each thing that somebody should do, the most pressing first. Empty when all is in order."""
    return [
        *_about_danger(area, today),
        *_about_duty(area),
        *_about_alert_words(area),
        *_about_speaking(area),
        *_about_named(area),
        *_about_others(area, today),
    ]


def rung_in_danger(area: Area) -> list[ContactFacts]:
    """Everybody whom people ring in danger: what "get help now" shows, and the others named in area.toml."""
    ids = dict.fromkeys([*(line.contact for line in area.ring), *area.in_danger.contacts])
    return [area.contact(contact_id) for contact_id in ids]


def _about_danger(area: Area, today: date) -> Iterator[str]:
    urgent = rung_in_danger(area)
    for contact in urgent:
        if contact.phone is None:
            yield f"{contact.id} ({contact.name}) is rung in danger and has no number: find it out and ring it."
        elif contact.shown_phone is None:
            yield (
                f"{contact.id} ({contact.name}) is rung in danger, but its number is doubtful and so not shown: "
                "ring it, then write its day under [checked] in area.toml."
            )
    old = _old(urgent, today - timedelta(days=DANGER_DAYS))
    if old:
        yield (
            f"{len(old)} numbers that people ring in danger were not checked in the last {DANGER_DAYS} days: "
            f"{_ids(old)}. Ring each, then write its day under [checked] in area.toml."
        )


def _about_speaking(area: Area) -> Iterator[str]:
    """Who is deaf, cannot speak, or must not be heard, cannot ring."""
    if not any(line.contact.startswith("e-999-") for line in area.ring):
        yield (
            "Nobody who cannot speak on the phone finds here how to reach 999: take its text and sign-language ways "
            "from their own pages, add them to contacts.jsonl as e-999-text and e-999-bsl, and name them in [[ring]]."
        )


def _about_duty(area: Area) -> Iterator[str]:
    if not area.duty:
        yield (
            "No team does duty, so every screen says that messages are not watched: "
            "fill in [[duty]] in area.toml, then people join it in the chat (docs/duty.md)."
        )


def _about_alert_words(area: Area) -> Iterator[str]:
    """Shorter than all else that families said, and the note about an alert no longer than that."""
    kept = area.retention
    if kept.alert_words.months >= kept.feedback.months:
        yield (
            f"The words of alerts are kept for {kept.alert_words.months} months after they are closed, as long as all "
            "else or longer: shorten [retention.alert_words] in area.toml. The council keeps the case."
        )
    if kept.alerts.months >= kept.feedback.months:
        yield "The notes about alerts are kept as long as all else or longer: shorten [retention.alerts] in area.toml."


def _about_named(area: Area) -> Iterator[str]:
    if area.sendiass.shown_phone is None:
        yield (
            f"SENDIASS ({area.sendiass.name}) has no number to show: ask for it, and put it into contacts.jsonl. "
            "It is offered wherever a family is stuck."
        )
    if area.forum is None:
        yield "No parent carer forum is named: set forum under [named] in area.toml."
    if area.local_offer is None:
        yield "There is no address of the Local Offer: set local_offer in area.toml."
    if not area.plan:
        yield "The plan has no outcomes: plan.toml says what is to get better, and by when."
    if not area.strategic:
        yield "No strategic priorities are named: [[priorities]] in plan.toml, which the report adds up by (T12)."
    if not area.charter:
        yield "There is no charter in plain words: charter.md holds its promises, a line each."


def _about_others(area: Area, today: date) -> Iterator[str]:
    urgent = {contact.id for contact in rung_in_danger(area)}
    others = [contact for contact in area.contacts if contact.id not in urgent]
    if unreachable := [each for each in others if each.area == area.key and not (each.phone or each.email or each.web)]:
        yield (
            f"{len(unreachable)} services have no phone, e-mail or web address, so nobody can reach them: "
            f"{_ids(unreachable)}. Ask them."
        )
    if hidden := [each for each in others if each.phone and each.shown_phone is None]:
        yield (
            f"{len(hidden)} numbers are doubtful and so not shown: {_ids(hidden)}. "
            "Ring each, then write its day under [checked] in area.toml."
        )
    if doubtful := [each for each in others if each.confidence is Confidence.MEDIUM and each.not_checked_yet]:
        yield f"{len(doubtful)} services are shown as “not checked yet”: {_ids(doubtful)}."
    if old := _old(others, today - timedelta(days=USUAL_DAYS)):
        yield f"{len(old)} services with a number were not checked in the last year: {_ids(old)}."


def _old(contacts: Iterable[ContactFacts], since: date) -> list[ContactFacts]:
    """Those with a number for which we have no word since that day."""
    return [
        contact
        for contact in contacts
        if contact.phone and contact.phone not in NEVER_OLD
        if contact.known_right_on is None or contact.known_right_on < since
    ]


def _ids(contacts: Iterable[ContactFacts]) -> str:
    return ", ".join(contact.id for contact in contacts)
