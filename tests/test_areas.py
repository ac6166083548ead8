"""An area's folder makes a partnership itself, and is either right as a whole or says in words what is not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from models.area import (
    AREAS,
    Area,
    AreaError,
    Confidence,
    areas,
    catalogue_texts,
    complaints,
    load_area,
    rung_in_danger,
)
from models.database import writing
from models.duty import Order, add_turn, on_duty, watched, who_reads
from models.person import meet
from models.plain import reading_age
from models.role import Role, RoleName

LONDON = ZoneInfo("Europe/London")
TODAY = date(2026, 6, 1)
TAMESIDE = load_area("tameside")

moments = st.datetimes(datetime(2024, 1, 1), datetime(2034, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.fixture(params=areas())
def area(request: pytest.FixtureRequest) -> Area:
    return load_area(request.param)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the areas, in which a test may spoil things."""
    return Path(shutil.copytree(AREAS, tmp_path / "areas"))


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def wrongs(folder: Path, name: str = "tameside") -> tuple[str, ...]:
    with pytest.raises(AreaError) as caught:
        load_area(name, folder)
    return caught.value.wrongs


# What is there


def test_both_partnerships_are_there_and_england_is_none() -> None:
    assert areas() == ("halton", "tameside")


def test_tameside_has_its_own_contacts_and_englands() -> None:
    counts = {name: sum(contact.area == name for contact in TAMESIDE.contacts) for name in ("tameside", "england")}
    assert counts == {"tameside": 38, "england": 49}
    assert len(TAMESIDE.you_said) == 6
    assert len(TAMESIDE.meetings) == 7
    assert len(TAMESIDE.plan) == 5


def test_every_fact_of_a_contact_is_kept_as_its_line_gives_it(area: Area) -> None:
    for name in (area.key, "england"):
        for line in (AREAS / name / "contacts.jsonl").read_text(encoding="utf-8").splitlines():
            facts = json.loads(line)
            kept = area.contact(facts["id"]).model_dump(mode="json", exclude={"checked"})
            assert {"note": None, **facts} == kept


def test_help_now_begins_with_999_and_ends_with_a_text(area: Area) -> None:
    assert area.help_now[0].contact.id == "e-999"
    assert {"e-111-mh", "e-samaritans", "e-childline", "e-shout"} <= {line.contact.id for line in area.help_now}
    assert area.help_now[-1].contact.phone == "text SHOUT to 85258"
    assert area.help_now[-1].contact.dialled is None


def test_a_doubtful_number_is_not_shown_before_staff_rang_it(copied: Path) -> None:
    duty = TAMESIDE.contact("t-edt")
    assert duty.confidence is Confidence.LOW
    assert (duty.shown_phone, duty.dialled) == (None, None)

    change(copied / "tameside" / "area.toml", "\n[checked]\n", "\n[checked]\nt-edt = 2026-05-20\n")
    checked = load_area("tameside", copied).contact("t-edt")
    assert (checked.shown_phone, checked.dialled) == (duty.phone, duty.phone and duty.phone.replace(" ", ""))
    assert not checked.not_checked_yet
    assert checked.known_right_on == date(2026, 5, 20)


def test_a_number_of_medium_trust_is_shown_as_not_checked_yet() -> None:
    hub = TAMESIDE.contact("t-childrens-hub")
    assert hub.shown_phone == "0161 342 4101"
    assert hub.not_checked_yet


def test_a_source_that_gave_only_its_month_counts_from_its_start() -> None:
    assert TAMESIDE.contact("t-local-offer").known_right_on == date(2025, 6, 1)
    assert TAMESIDE.contact("t-umbrella").known_right_on == date(2025, 1, 1)
    assert TAMESIDE.contact("t-sendiass").known_right_on is None


def test_the_charters_numbers_are_the_areas_promises(area: Area) -> None:
    assert area.promises.meeting_notice_days >= 7  # H1
    assert area.promises.feedback_answer == 15
    assert area.channels["telegram"].minimum_age == 16
    assert area.channels["web"].minimum_age is None


def test_topics_have_the_keys_that_feedback_is_kept_under(area: Area) -> None:
    keys = [topic.key for topic in area.topics]
    assert keys == ["school", "plan", "health", "transport", "short-breaks", "adult-life", "other"]
    assert area.topic("transport").label == "Transport"
    with pytest.raises(KeyError):
        area.topic("weather")


def test_the_word_of_the_area_comes_before_englands() -> None:
    own = TAMESIDE.meaning("case officer")
    assert own is not None
    assert "SEN team" in own.meaning
    short = TAMESIDE.meaning("  ehc   Plan ")
    assert short is not None
    assert short.stands_for == "education, health and care plan"
    assert TAMESIDE.meaning("weather") is None


def test_a_plan_has_dates_only_where_one_was_given() -> None:
    assert {outcome.key: outcome.due for outcome in TAMESIDE.plan} == {
        "charter": None,
        "sendiass": "2026-04",
        "iscan": "2026-09",
        "whos-who": "2026-09",
        "adulthood": None,
    }


def test_every_row_of_the_charter_has_its_promise() -> None:
    assert {row for line in TAMESIDE.charter for row in line.rows} == {f"T{number}" for number in range(1, 18)}
    assert {row for line in load_area("halton").charter for row in line.rows} == {f"H{n}" for n in range(1, 13)}


# Words


def test_words_are_explained_plainly(area: Area) -> None:
    ages = [reading_age(term.meaning) for term in area.glossary]
    assert len(area.glossary) >= 60
    assert sum(ages) / len(ages) <= 8.5
    hardest = max(area.glossary, key=lambda term: reading_age(term.meaning))
    assert reading_age(hardest.meaning) <= 11.5, hardest
    assert all(len(term.meaning) <= 300 for term in area.glossary)


def test_what_the_area_says_reads_easily(area: Area) -> None:
    said = [area.office.read_by, area.office.not_watched, *(line.when for line in area.ring)]
    said += [line.text for line in area.charter]
    said += [getattr(area.retention, kind).why for kind in type(area.retention).model_fields]
    hard = {text: round(reading_age(text), 1) for text in said if reading_age(text) > 9.5}
    assert not hard
    assert all(len(text) <= 300 for text in said)


def test_translators_get_every_sentence_once(area: Area) -> None:
    texts = catalogue_texts(area)
    assert len(texts) == len(set(texts))
    assert {"Transport", area.office.not_watched, area.help_now[0].when, area.sendiass.plain_name} <= set(texts)


def test_with_an_empty_rota_it_is_said_that_nobody_watches(area: Area, copied: Path, engine: Engine) -> None:
    with writing(engine) as session:
        assert not watched(session, area)
        assert who_reads(session, area) == "Nobody is watching messages here. If you need help, please ring."

    rota = '[[duty]]\nteam = "SEND front desk"\ndays = ["monday"]\nstart = 09:00:00\nend = 12:00:00\n\n[publication]'
    change(copied / area.key / "area.toml", "[publication]", rota)
    staffed = load_area(area.key, copied)
    with writing(engine) as session:
        assert not watched(session, staffed)  # a team alone answers nobody
        person = meet(session, "telegram", "7").person
        session.add(Role(person=person, name=RoleName.SAFEGUARDING, organisation="council"))
        session.flush()
        team = staffed.duty[0]
        hours = {"starts": f"{team.start:%H:%M}", "ends": f"{team.end:%H:%M}"}
        add_turn(session, staffed, person, person, team=team.team, order=Order.FIRST, days=team.days, **hours)
        assert watched(session, staffed)
        assert who_reads(session, staffed) == staffed.office.read_by
        # 1 June 2026 is a Monday; 08:30 UTC is half past nine in summer.
        assert on_duty(session, staffed, datetime(2026, 6, 1, 8, 30, tzinfo=UTC)) == [person]
        assert on_duty(session, staffed, datetime(2026, 6, 1, 11, 30, tzinfo=UTC)) == []
        assert on_duty(session, staffed, datetime(2026, 6, 2, 8, 30, tzinfo=UTC)) == []


# Days and clocks


def test_the_evening_is_quiet_by_the_clock_on_the_wall() -> None:
    assert not TAMESIDE.quiet(datetime(2026, 6, 1, 19, 59, tzinfo=UTC))
    assert TAMESIDE.quiet(datetime(2026, 6, 1, 20, 0, tzinfo=UTC))
    assert not TAMESIDE.quiet(datetime(2026, 1, 5, 20, 59, tzinfo=UTC))
    assert TAMESIDE.quiet(datetime(2026, 1, 5, 21, 0, tzinfo=UTC))
    assert not TAMESIDE.quiet(datetime(2026, 1, 6, 8, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("evening", "waking"),
    [
        # The clocks go forward in this night: it has ten hours.
        (datetime(2026, 3, 28, 22, 0, tzinfo=UTC), datetime(2026, 3, 29, 7, 0, tzinfo=UTC)),
        # The clocks go back in this night: it has twelve.
        (datetime(2026, 10, 24, 20, 30, tzinfo=UTC), datetime(2026, 10, 25, 8, 0, tzinfo=UTC)),
        # After midnight it is the same day.
        (datetime(2026, 6, 2, 1, 0, tzinfo=UTC), datetime(2026, 6, 2, 7, 0, tzinfo=UTC)),
        # By day, it is now.
        (datetime(2026, 6, 2, 12, 0, tzinfo=UTC), datetime(2026, 6, 2, 12, 0, tzinfo=UTC)),
    ],
)
def test_what_can_wait_waits_until_eight(evening: datetime, waking: datetime) -> None:
    assert TAMESIDE.next_waking(evening) == waking


@given(moments)
def test_waking_is_the_first_moment_that_is_not_quiet(moment: datetime) -> None:
    waking = TAMESIDE.next_waking(moment)
    assert waking >= moment
    assert not TAMESIDE.quiet(waking)
    if waking > moment:
        assert TAMESIDE.quiet(waking - timedelta(seconds=1))
        assert waking - moment <= timedelta(hours=12)
        assert waking.astimezone(LONDON).time() == time(8)


@given(moments, st.times(), st.times())
def test_any_quiet_hours_come_to_an_end(moment: datetime, start: time, end: time) -> None:
    if start == end:
        return
    hours = TAMESIDE.quiet_hours.model_copy(update={"start": start, "end": end})
    area = TAMESIDE.model_copy(update={"quiet_hours": hours})
    waking = area.next_waking(moment)
    assert waking >= moment
    assert not area.quiet(waking)
    assert waking - moment <= timedelta(hours=25)


def test_a_night_that_ends_in_the_hour_that_never_happens_is_over_when_the_clock_jumps() -> None:
    hours = TAMESIDE.quiet_hours.model_copy(update={"start": time(23), "end": time(1, 30)})
    area = TAMESIDE.model_copy(update={"quiet_hours": hours})
    assert area.next_waking(datetime(2027, 3, 28, 0, 30, tzinfo=UTC)) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


def test_a_moment_without_its_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        TAMESIDE.quiet(datetime(2026, 6, 1, 22, 0))  # noqa: DTZ001


def test_the_office_is_shut_on_a_bank_holiday() -> None:
    assert TAMESIDE.office_open(datetime(2026, 6, 1, 10, 0, tzinfo=UTC))
    assert not TAMESIDE.office_open(datetime(2026, 5, 25, 10, 0, tzinfo=UTC))
    assert TAMESIDE.answer_by(datetime(2026, 5, 22, 10, 0, tzinfo=UTC)) == date(2026, 6, 15)


# What is wrong is said


def test_everything_wrong_is_named_at_once_with_file_line_and_what_to_do(copied: Path) -> None:
    toml = copied / "tameside" / "area.toml"
    change(toml, "feedback_answer = 15", "feedback_answer = 0")
    change(toml, 'sendiass = "t-sendiass"', 'sendiass = "t-nobody"')
    change(toml, "[quiet_hours]", "[quiet_hours]\nloud = true")
    contacts = copied / "tameside" / "contacts.jsonl"
    change(contacts, '"confidence": "high"', '"confidence": "sure"')
    change(copied / "england" / "glossary.csv", "EHCP,", "EHCP,,,,,")
    line = next(
        n for n, text in enumerate(toml.read_text(encoding="utf-8").splitlines(), 1) if "feedback_answer" in text
    )

    said = wrongs(copied)
    assert f"tameside/area.toml line {line}: promises.feedback_answer must be 1 or more" in said
    assert any("quiet_hours.loud is not known here" in wrong for wrong in said)
    assert any("contacts.jsonl line 2: confidence must be 'high', 'medium' or 'low'" in wrong for wrong in said)
    assert any("england/glossary.csv line 2: has not as many columns" in wrong for wrong in said)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("area.toml", 'sendiass = "t-sendiass"', 'sendiass = "t-nobody"', "names the contact t-nobody"),
        ("area.toml", 'contact = "e-shout"', 'contact = "e-shot"', "ring.6.contact names the contact e-shot"),
        ("area.toml", 'label = "Transport"', 'label = "Transport to school and college"', "24 characters at most"),
        ("area.toml", 'key = "school"', 'key = "plan"', "the topics key plan stands there twice"),
        ("area.toml", "Europe/London", "Europe/Ashton", "is not a time zone"),
        ("area.toml", "end = 08:00:00", "end = 21:00:00", "start and end are the same"),
        ("area.toml", "closes = 17:00:00", "closes = 08:00:00", "opens must be earlier than closes"),
        ("area.toml", "If you need help", "If {you} need help", "must not hold { or }"),
        ("area.toml", "[office]", "[office", "is not TOML"),
        ("contacts.jsonl", '"id": "t-local-offer"', '"id": "t-sendiass"', "t-sendiass stands there more than once"),
        ("contacts.jsonl", '"area": "tameside"', '"area": "halton"', "says area 'halton': write 'tameside'"),
        ("contacts.jsonl", '{"id"', '{id"', "line 1: is not JSON"),
        ("contacts.jsonl", '"who_for": ', '"whofor": ', "whofor is not known here"),
        ("charter.md", "(T1)", "", "has no row of the charter"),
        ("plan.toml", '"m04"', '"m99"', "names the meeting m99"),
        ("plan.toml", '"2026-04"', '"spring"', "due is not written as it should be"),
    ],
)
def test_one_slip_is_told_in_words(copied: Path, file: str, old: str, new: str, said: str) -> None:
    change(copied / "tameside" / file, old, new)
    found = wrongs(copied)
    assert any(said in wrong and wrong.startswith(f"tameside/{file}") for wrong in found), found


def test_a_missing_file_is_named(copied: Path) -> None:
    (copied / "tameside" / "contacts.jsonl").unlink()
    assert any("contacts.jsonl: is missing" in wrong for wrong in wrongs(copied))


def test_a_file_that_is_no_text_is_named(copied: Path) -> None:
    (copied / "tameside" / "charter.md").write_bytes(b"- caf\xe9 (T1)\n")
    assert any("is not UTF-8 text" in wrong for wrong in wrongs(copied))


def test_an_area_that_is_not_there_is_told_which_are() -> None:
    with pytest.raises(AreaError, match="Those there: halton, tameside"):
        load_area("atlantis")


def test_a_copied_folder_becomes_a_partnership_of_its_own(copied: Path) -> None:
    shutil.copytree(copied / "tameside", copied / "stockport")
    for file in (copied / "stockport").glob("*.jsonl"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('"area": "tameside"', '"area": "stockport"'), encoding="utf-8")
    assert "stockport" in areas(copied)
    assert load_area("stockport", copied).key == "stockport"


# What is missing or out of date


def test_doctor_hears_what_is_missing_in_tameside() -> None:
    said = complaints(TAMESIDE, TODAY)
    assert any("does duty" in each for each in said)
    assert any("SENDIASS" in each and "no number" in each for each in said)
    assert any("t-edt" in each and "not shown" in each for each in said)
    assert any("rung in danger and has no number" in each and "t-tdas" in each for each in said)
    assert any("nobody can reach them" in each and "t-umbrella" in each for each in said)


def staffed_and_checked(folder: Path, day: Callable[[str], date]) -> Area:
    """Halton with a rota and every number rung on a day."""
    toml = folder / "halton" / "area.toml"
    contacts = [contact.id for contact in load_area("halton", folder).contacts]
    days = "\n".join(f"{contact} = {day(contact)}" for contact in contacts)
    change(toml, "\n[checked]\n", f"\n[checked]\n{days}\n")
    rota = '[[duty]]\nteam = "Desk"\ndays = ["monday"]\nstart = 09:00:00\nend = 12:00:00\n\n[publication]'
    change(toml, "[publication]", rota)
    return load_area("halton", folder)


def test_numbers_that_were_rung_of_late_are_no_complaint(copied: Path) -> None:
    area = staffed_and_checked(copied, lambda _contact: TODAY)
    assert not any("checked" in each or "rota" in each for each in complaints(area, TODAY))


def test_a_number_for_danger_is_old_after_ninety_days_and_another_after_a_year(copied: Path) -> None:
    area = staffed_and_checked(copied, lambda _contact: TODAY)
    for days, danger, usual in ((90, False, False), (91, True, False), (365, True, False), (366, True, True)):
        said = complaints(area, TODAY + timedelta(days=days))
        assert any("in the last 90 days" in each and "h-edt" in each for each in said) is danger
        assert any("in the last year" in each and "h-council" in each for each in said) is usual


def test_what_people_ring_in_danger_is_more_than_the_screen_shows() -> None:
    ids = [contact.id for contact in rung_in_danger(TAMESIDE)]
    assert ids[: len(TAMESIDE.ring)] == [line.contact for line in TAMESIDE.ring]
    assert "t-crisis" in ids
