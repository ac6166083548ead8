"""Plain words: the reading age of a text, and what staff are told before theirs goes out (H4)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.area import Area, load_area
from models.plain import Remark, RemarkKind, check, reading_age, sentences, syllables

WORDS_BY_SYLLABLES = {
    1: "school asked phone helped nurse hurt changed friends eyes comes likes used wished don't aren't SEND",
    2: "college council parent worried meeting places useful careful something wanted wages boxes washes social special"
    " question people being doing nothing homework portage respite didn't little cushion ancient senco",
    3: "nursery holiday family disabled autism autistic decided reference medicine tribunal referral therapies area"
    " radio serious previous museum annual suitable tuition behaviour NHS",
    4: "education emergency anxiety available psychologist usually situation independent information everybody EHCP",
    5: "disability occupational communication discrimination individual immediately",
    6: "physiotherapy",
}


@pytest.fixture(scope="module")
def area() -> Area:
    return load_area("tameside")


def kinds(remarks: list[Remark]) -> list[RemarkKind]:
    return [remark.kind for remark in remarks]


@pytest.mark.parametrize(
    ("word", "count"), [(word, count) for count, listed in WORDS_BY_SYLLABLES.items() for word in listed.split()]
)
def test_words_that_families_read_have_the_syllables_that_we_hear(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_text_for_children_reads_as_one() -> None:
    assert reading_age("The cat sat on the mat. It was a big mat. The cat did not want to get up, so it had a nap.") < 7


def test_a_letter_from_an_office_does_not() -> None:
    letter = (
        "Following consideration of the information provided, the authority has determined that the statutory "
        "criteria for undertaking an education, health and care needs assessment have not been satisfied."
    )
    assert reading_age(letter) > 16


def test_the_formula_is_the_one_that_was_published() -> None:
    # 12 words, 1 sentence, 14 syllables: 0.39 * 12 + 11.8 * 14 / 12 - 15.59 + 5.
    text = "We read what you said and we will tell you on Tuesday."
    assert sum(map(syllables, text.rstrip(".").split())) == 13
    assert reading_age(text) == pytest.approx(0.39 * 12 + 11.8 * 13 / 12 - 15.59 + 5)


@pytest.mark.parametrize("label", ["Transport", "School", "Something else", "Health and therapies", "Communication"])
def test_one_long_word_on_a_button_is_no_hard_text(label: str) -> None:
    assert reading_age(label) <= 9


def test_an_address_and_a_number_are_not_spelled_out() -> None:
    assert reading_age("Ring 0161 496 0000 or see https://example.org/a/very-complicated/address now.") < 8
    assert reading_age("Ring {phone} now.") == reading_age("Ring 0161 496 0000 now.")


def test_full_stops_inside_numbers_and_short_forms_end_no_sentence() -> None:
    assert len(sentences("Come at 9.30am, e.g. by bus. Dr. Who is here.")) == 2
    assert len(sentences("What you need:\n- a form\n- a pen")) == 3


def test_a_text_without_words_is_the_easiest() -> None:
    assert reading_age("") == reading_age("👍 123 …") or reading_age("👍") == 5.0


@given(st.text(max_size=300))
def test_any_text_has_an_age_and_can_be_checked(text: str) -> None:
    assert reading_age(text) >= 5.0
    assert check(text) == check(text)


def test_a_plain_text_gets_no_remark(area: Area) -> None:
    text = "Hi! We read what you said about the taxi. From Monday it will come at 8.15. If it does not, ring us."
    assert check(text, area.glossary) == []


def test_jargon_is_shown_with_the_word_that_people_say(area: Area) -> None:
    [remark] = check("We will look at the provision for your child.", area.glossary)
    assert remark == Remark(RemarkKind.JARGON, "provision", "For “provision”, say “help”.")


def test_a_short_form_is_to_be_written_out_the_first_time(area: Area) -> None:
    [remark] = check("Your EHCP is here.", area.glossary)
    assert remark.kind is RemarkKind.SHORT_FORM
    assert remark.text == "Not all know “EHCP”. The first time, write “education, health and care plan (EHCP)”."


def test_a_short_form_that_is_written_out_is_left_alone(area: Area) -> None:
    remarks = check("Your education, health and care plan (EHCP) is here. Read the EHCP.", area.glossary)
    assert RemarkKind.SHORT_FORM not in kinds(remarks)


def test_a_short_form_that_no_glossary_knows_is_seen_too(area: Area) -> None:
    assert [remark.words for remark in check("Ask the QXT team.", area.glossary)] == ["QXT"]
    assert check("Ask the QXT (a new team) now.", area.glossary) == []


def test_a_short_form_of_no_known_words_is_shown_with_its_meaning(area: Area) -> None:
    [remark] = [each for each in check("Ring ISCAN.", area.glossary) if each.kind is RemarkKind.SHORT_FORM]
    assert "Teams in Tameside" in remark.text


def test_a_greeting_is_not_taken_for_a_short_form(area: Area) -> None:
    assert check("hi, I had a nap and a pip in my ear", area.glossary) == []
    assert check("The NHS and the UK are fine. OK?", area.glossary) == []


def test_text_in_capitals_is_loud_but_no_short_form(area: Area) -> None:
    assert RemarkKind.SHORT_FORM not in kinds(check("PLEASE READ THIS NOW", area.glossary))


@pytest.mark.parametrize(
    "text",
    [
        "We guarantee a place.",
        "What you say is confidential.",
        "We will ring you immediately.",
        "We will ring you as soon as possible.",
        "Help is on its way.",
        "You will hear in due course.",
    ],
)
def test_a_promise_that_nobody_can_keep_is_pointed_out(text: str) -> None:
    assert RemarkKind.PROMISE in kinds(check(text))


@pytest.mark.parametrize(
    "text", ["We cannot guarantee a place.", "This is not confidential.", "We can't come at once."]
)
def test_saying_that_it_is_not_promised_is_right(text: str) -> None:
    assert RemarkKind.PROMISE not in kinds(check(text))


def test_things_that_nobody_does_get_a_doer() -> None:
    [remark] = [each for each in check("Your form will be considered.") if each.kind is RemarkKind.PASSIVE]
    assert remark.words == "will be considered"
    assert RemarkKind.PASSIVE not in kinds(check("The school is closed and we are tired."))


def test_a_long_sentence_is_shown_by_its_beginning() -> None:
    text = "We went to the shop " + "and then to the park " * 4 + "and home."
    [remark] = [each for each in check(text) if each.kind is RemarkKind.LONG_SENTENCE]
    assert remark.text == "“We went to the shop …” has 27 words. Make it two sentences."


def test_a_hard_text_is_told_its_age() -> None:
    [remark] = check("Occupational therapists communicate recommendations.")
    assert remark.kind is RemarkKind.READING_AGE


def test_a_remark_says_each_thing_once() -> None:
    assert [remark.words for remark in check("Prior to lunch.")] == ["Prior to"]
    assert len(check("We do it shortly. We do it shortly.")) == 1


def test_our_own_remarks_are_plain(area: Area) -> None:
    text = (
        "Prior to the panel, provision will be made as soon as possible, in confidence and without fail. "
        "The QXT team will respond immediately regarding the EHCP."
    )
    for remark in check(text, area.glossary):
        ours = remark.text.replace(remark.words, "it") if remark.words else remark.text
        assert reading_age(ours) <= 9.5, remark.text
        assert len(remark.text) <= 300
