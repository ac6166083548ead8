"""Whom a family is sent to, told as the messages they type."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.finding import Card, Finder, Found, load_asked, load_needs, load_people_say
from models.finding.danger import plainest
from models.finding.needs import BACKGROUND, digest, learnt
from models.finding.words import folded, meanings, stem, words
from tests.bench import finding as bench  # the measures live beside the questions they are taken on
from tests.bench import learn
from tests.bench.slips import dictated, slipped

AREAS = Path(__file__).parents[1] / "areas"
Ask = Callable[..., Found]


@pytest.fixture(scope="session")
def in_tameside() -> Ask:
    return bench.finder("tameside").find


@pytest.fixture(scope="session")
def in_halton() -> Ask:
    return bench.finder("halton").find


@pytest.fixture(scope="session")
def in_england() -> Ask:
    return bench.finder("england").find


def test_a_tired_parent_with_slips_finds_speech_therapy(in_tameside: Ask) -> None:
    found = in_tameside("hi my sun is 3 an he dosnt tlak yet wot do i do speach theripy??")
    assert (found.route, found.contacts[0]) == ("contact", "t-slt")


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("My sun wont speek at all", "h-slt"),
        ("ot assesmnt for my dorter she cant hold a pensil", "h-ot"),
        ("the taxy didnt come agen who do i fone", "h-transport"),
        ("um so basically whats the number for the blue badge people", "e-blue-badge"),
        ("carersallowence how do i get it", "e-carers-allowance"),
        ("he is nine and still wets the bead evry nite", "h-school-nurse"),
    ],
)
def test_thumbs_ears_and_telephones_spell_as_they_like(in_halton: Ask, text: str, contact: str) -> None:
    found = in_halton(text)
    assert contact in found.contacts[:2], found


def test_slips_are_made_the_same_way_each_time() -> None:
    text = "my son is waiting for a speech assessment, who can I ask?"
    typed = [slipped(text, Random(seed)) for seed in range(40)]
    assert typed == [slipped(text, Random(seed)) for seed in range(40)]
    assert len(set(typed)) > 30
    assert all(each != text for each in typed)
    spoken = dictated(text, Random(1))
    assert spoken == dictated(text, Random(1))
    assert not set(spoken) & set(",?!")


def test_one_word_is_enough(in_halton: Ask) -> None:
    for word, contact in {"physio": "h-physio", "taxi": "h-transport", "EHCP": "h-ehc", "stammer": "h-slt"}.items():
        assert in_halton(word).contacts[0] == contact, word


def test_a_grandmother_who_tells_a_long_story_finds_the_carers_centre(in_tameside: Ask) -> None:
    found = in_tameside(
        "Good morning. My daughter works nights so I have the two boys, the little one is disabled and I love having them, "
        "but I am seventy two and my back has gone with the lifting. I never see my friends now. Is there any help for me "
        "as a carer?"
    )
    assert found.contacts[0] == "t-carers"


def test_a_question_in_the_middle_of_a_very_long_story_is_heard(in_tameside: Ask) -> None:
    around = "We went to the shops on Saturday with my sister. " * 12
    found = in_tameside(f"{around}Who do I ring about the blue badge for parking at the hospital? {around}")
    assert "e-blue-badge" in found.contacts[:3], found


def test_a_clear_question_is_answered_surely(in_tameside: Ask) -> None:
    assert in_tameside("who runs the school taxi for my disabled son").sure


def test_a_question_that_two_services_could_answer_is_not_sure(in_tameside: Ask) -> None:
    assert not in_tameside("sleep").sure


def test_what_the_area_has_comes_before_what_england_has(in_halton: Ask, in_england: Ask) -> None:
    assert in_halton("my son needs an autism assessment").contacts[0] == "h-ndp"
    assert in_england("my son needs an autism assessment").contacts[0] in {"e-gp", "e-senco"}


def test_an_area_never_answers_with_another_areas_cards(in_halton: Ask, in_england: Ask) -> None:
    for text in ("speech therapy", "help", "the taxi was late again", "family hub in Hyde"):
        assert not [contact for contact in in_halton(text).contacts if contact.startswith("t-")]
        assert all(contact.startswith("e-") for contact in in_england(text).contacts)


def test_the_town_chooses_the_family_hub(in_tameside: Ask) -> None:
    assert in_tameside("baby group in Stalybridge").contacts[0] == "t-hub-east"
    assert in_tameside("baby group in hyde").contacts[0] == "t-hub-south"


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("Moje dziecko jeszcze nie mówi", "t-slt"),
        ("dowóz do szkoły specjalnej", "t-transport"),
        ("میرا بیٹا بولتا نہیں", "t-slt"),
        ("اسکول کی ٹیکسی", "t-transport"),
        ("mera beta bolta nahi", "t-slt"),
        ("زوجي متعب وأنا أرعى ابني، دعم مقدمي الرعاية", "t-carers"),
        ("মা হিসেবে আমি ছেলের দেখাশোনা করি", "t-carers"),
        ("મારી દીકરીને બોલવામાં તકલીફ છે", "t-slt"),
        ("син не говорить", "t-slt"),
        ("mi hijo no habla", "t-slt"),
    ],
)
def test_other_languages_find_the_same_services(in_tameside: Ask, text: str, contact: str) -> None:
    assert in_tameside(text).contacts[0] == contact


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("okul servisi gelmedi", {"school", "taxi"}),
        ("wiilkaygu ma hadlo", {"speech"}),
        ("مع السائق", {"driver"}),
        ("孩子不会说话", {"speech"}),
        ("the driver was late", set()),
        ("dla form", set()),
    ],
)
def test_words_of_other_languages_are_heard_as_english(text: str, meant: set[str]) -> None:
    glossed = meanings().glossed(words(folded(text)))
    assert meant <= set(glossed), glossed
    assert meant or not glossed


def test_the_same_words_are_always_the_same_language() -> None:
    assert [meanings().language(words(folded(text))) for text in ("prosze o plan dla syna", "who do i ring", "okul nerede")] == [
        "pl", "en", "tr",
    ]  # fmt: skip


def test_a_language_that_we_do_not_know_is_no_reason_to_refuse(in_tameside: Ask) -> None:
    assert in_tameside("hindi natutulog ang anak ko sa gabi").route == "contact"


def test_a_benefit_is_not_mistaken_for_a_polish_word(in_tameside: Ask) -> None:
    assert in_tameside("DLA").contacts[0] == "e-dla"


@pytest.mark.parametrize(
    "text",
    [
        "the taxi was late again",
        "Forty weeks. The law says twenty",
        "Thank you, the behaviour lady was brilliant",
        "Nobody rang me back and I had to chase it myself",
        "Taksówka znowu się spóźniła i nikt nie zadzwonił",
    ],
)
def test_a_story_of_how_things_went_is_feedback(in_tameside: Ask, text: str) -> None:
    assert in_tameside(text).route == "feedback"


def test_feedback_still_names_the_service_it_is_about(in_tameside: Ask) -> None:
    assert "t-transport" in in_tameside("the taxi was late again").contacts[:3]


def test_who_complains_and_asks_is_answered_and_offered_both(in_tameside: Ask) -> None:
    found = in_tameside("The taxi was late again and nobody told us, who do I ring?")
    assert (found.route, found.contacts[0], found.sure) == ("contact", "t-transport", False)


@pytest.mark.parametrize(
    "text",
    [
        "will it be sunny on saturday", "who won the football", "are you a robot", "write my history essay",
        "best pizza in town", "bitcoin price", "jaka jest pogoda", "آج موسم کیسا ہے", "qwertyuiop",
    ],
)  # fmt: skip
def test_what_nobody_here_is_for_is_refused(in_tameside: Ask, text: str) -> None:
    found = in_tameside(text)
    assert (found.route, found.contacts) == ("none", ())


def test_the_weather_goes_on_no_list_of_what_is_missing(in_tameside: Ask) -> None:
    assert in_tameside("what is the weather like tomorrow").sure
    assert not in_tameside("karate for my boy").sure


@pytest.mark.parametrize(
    ("text", "among"),
    [
        ("help", {"e-999", "t-childrens-hub"}),
        ("my stepdad hits me", {"e-999", "t-childrens-hub", "t-edt", "e-childline"}),
        ("i want to die", {"t-crisis", "e-samaritans", "e-111-mh", "e-999"}),
        ("my husband says he will kill me", {"e-999", "e-da", "t-tdas"}),
        ("a man on the internet wants naked pictures of my daughter", {"t-childrens-hub", "e-101", "e-nspcc"}),
        ("he isnt breathing", {"e-999"}),
        ("chcę umrzeć", {"t-crisis", "e-samaritans"}),
        ("mąż mnie bije", {"e-da", "t-tdas"}),
        ("میں مرنا چاہتا ہوں", {"t-crisis", "e-samaritans"}),
        ("ابو مجھے مارتے ہیں", {"e-999", "t-childrens-hub"}),
        ("મારે મરી જવું છે", {"t-crisis", "e-samaritans"}),
        ("أريد أن أموت", {"t-crisis", "e-samaritans"}),
    ],
)
def test_somebody_in_danger_is_told_whom_to_ring(in_tameside: Ask, text: str, among: set[str]) -> None:
    found = in_tameside(text)
    assert found.route == "help"
    assert among <= set(found.contacts)


def test_a_child_is_given_the_childrens_line_early(in_halton: Ask) -> None:
    assert "e-childline" in in_halton("my dad hits me").contacts[:3]
    assert "e-childline" in in_halton("i keep cutting myself", young=True).contacts[:3]


def test_a_husband_who_hits_means_the_lines_for_that_in_every_language(in_tameside: Ask) -> None:
    for text in ("میرا شوہر مجھے مارتا ہے", "mąż mnie bije", "my partner is hitting me"):
        assert "e-da" in in_tameside(text).contacts[:2], text


def test_an_attack_that_happens_now_means_999_first(in_halton: Ask) -> None:
    assert in_halton("my husband is hitting me now").contacts[0] == "e-999"
    assert in_halton("she has taken a whole packet of paracetamol").contacts[0] == "e-999"


@pytest.mark.parametrize(
    "text",
    [
        "this form is killing me", "childcare costs are strangling us", "whats the best way to shoot in fifa",
        "my son is dying to go to the zoo", "the bus is late again, I could scream", "he cant use a knife and fork",
        "my autistic son hits me and I need help with his behaviour", "dog grooming near me", "I am dead tired",
    ],
)  # fmt: skip
def test_what_only_sounds_like_danger_is_no_alarm(in_tameside: Ask, text: str) -> None:
    assert in_tameside(text).route != "help"


@pytest.mark.parametrize("text", ["im gona do it tonite", "shes said shes got a plan and a date to do it"])
def test_what_only_sounds_like_danger_to_the_model_is_never_refused_nor_sent_to_whoever_is_nearest(
    in_tameside: Ask, text: str
) -> None:
    assert in_tameside(text).route == "help"


@settings(deadline=None, max_examples=60)
@given(before=st.text(max_size=300))
def test_nothing_said_before_it_takes_an_alarm_down(before: str) -> None:
    assert bench.finder("halton").find(f"{before}\ni want to die").route == "help"


@settings(deadline=None, max_examples=150)
@given(text=st.text(max_size=600), young=st.booleans())
def test_find_never_raises_and_says_the_same_twice(text: str, young: bool) -> None:
    find = bench.finder("tameside").find
    found = find(text, young=young)
    assert found == find(text, young=young)
    assert len(found.contacts) == len(set(found.contacts)) <= 10


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00\x07\x1b[31m",
        "😀🆘👩‍👧",
        "?" * 100_000,
        "my son " * 15_000,
        "ا" * 100_000,
        "a" * 100_000,
        "\u202e\u200d\ufeff",
    ],
)
def test_odd_and_huge_messages_are_borne(in_tameside: Ask, text: str) -> None:
    assert in_tameside(text).route in {"contact", "feedback", "help", "none"}


def test_an_area_without_any_words_yet_still_answers() -> None:
    card = Card("x-1", "elsewhere", "Speech team", "speech therapy", ("late talking",), "children", ())
    assert Finder([card]).find("late talking").contacts == ("x-1",)
    assert Finder([]).find("late talking").contacts == ()
    assert Finder([]).find("my dad hits me").route == "help"


def test_every_word_belongs_to_a_contact_or_to_a_kind_that_some_contact_is_like() -> None:
    every = {
        row["id"] for area in ("tameside", "halton", "england") for row in bench.rows(AREAS / area / "contacts.jsonl")
    }
    said = [row for area in ("tameside", "halton", "england") for row in bench.rows(AREAS / area / "people_say.jsonl")]
    liked = {kind for row in said for kind in row.get("like", ())}
    assert {row["id"] for row in said} <= every | liked
    assert {row["id"] for row in said if "like" in row} <= every


@pytest.mark.parametrize("area", ["tameside", "halton"])
def test_every_area_says_whom_to_ring_in_danger(area: str) -> None:
    local = [card for card in bench.cards(area) if card.area == area]
    for kind in (
        "child safety front door",
        "emergency social work",
        "mental health crisis, under 18",
        "mental health crisis, adult",
    ):
        assert any(kind in card.people_say for card in local), kind


def test_a_gp_stands_in_where_the_area_has_no_physiotherapist() -> None:
    assert "physio" in load_people_say(AREAS, "tameside")["e-gp"]
    assert "physio" not in load_people_say(AREAS, "halton")["e-gp"]


def test_an_area_that_has_no_words_file_has_those_of_england(tmp_path: Path) -> None:
    (tmp_path / "england").mkdir()
    (tmp_path / "england" / "people_say.jsonl").write_text('{"id": "e-1", "lang": "en", "say": ["stammer"]}\n')
    assert load_people_say(tmp_path, "new") == {"e-1": ("stammer",)}


def test_a_row_that_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "england").mkdir()
    (tmp_path / "england" / "people_say.jsonl").write_text('{"id": "e-1"}\n{"say": []}\n')
    with pytest.raises(ValueError, match=r"people_say\.jsonl, line 2"):
        load_people_say(tmp_path, "england")


def test_words_meet_across_accents_letters_and_endings() -> None:
    assert folded("  Zażółć  GĘŚLĄ ") == "zazolc gesla"
    assert folded("كي") == folded("کی")
    assert words("can't wets-the bed!! sooooo") == ["cant", "wets", "the", "bed", "so"]
    assert {stem(word) for word in ("assess", "assessing", "assessed", "assessment", "assessments")} == {"assess"}


def test_a_text_is_compared_without_its_marks() -> None:
    assert plainest("I can't — really!") == "i cant really"


def test_what_was_learnt_is_what_the_files_say_now() -> None:
    assert learnt().digest == digest(load_asked(AREAS), learn.elsewhere()), "python -m tests.bench.learn"


@pytest.mark.parametrize("area", ["tameside", "halton"])
def test_every_need_is_somebodys(area: str) -> None:
    known = {card.id for card in bench.cards(area)}
    asked = load_asked(AREAS)
    assert set(asked) == {need.name for need in load_needs(AREAS, area)}
    for need in load_needs(AREAS, area):
        assert asked[need.name], need.name
        assert set() < set(need.contacts) <= known, need.name


def test_what_families_tell_around_their_question_is_no_need() -> None:
    assert BACKGROUND in learnt().names
    finder = bench.finder("tameside")
    alone = finder.find("who does speech therapy")
    told = finder.find(
        "Sorry this is long. We moved house in the spring and my shift starts at six. My mum can have them on Fridays. "
        "He can't say his sounds right and nobody understands him. Thank you in advance. Rant over."
    )
    assert told.contacts[0] == alone.contacts[0] == "t-slt"


def test_the_second_and_third_are_for_what_else_may_be_meant() -> None:
    found = bench.finder("halton").find("he never sleeps and the money has stopped")
    assert {"h-school-nurse", "e-cerebra"} & set(found.contacts[:3])
    assert {"h-cab", "e-dla", "e-cab", "e-carers-allowance"} & set(found.contacts[:3])


def test_an_area_without_needs_still_finds() -> None:
    found = Finder(bench.cards("tameside")).find("speech therapy")
    assert found.contacts[0] == "t-slt"


# Floors: a little below what was measured when they were set (tests/bench/finding.py gives the figures of today). They are
# there so that a change of words or weights that makes answers worse is seen.
@pytest.mark.parametrize(
    ("file", "first", "three", "refused"),
    [
        (bench.OWN, 0.89, 0.93, 0.95),
        (bench.OWN.with_name("questions.fresh1.jsonl"), 0.88, 0.94, 0.90),
        (bench.OWN.with_name("questions.fresh2.jsonl"), 0.90, 0.94, 0.90),
        (bench.OWN.with_name("questions.fresh3.jsonl"), 0.87, 0.94, 0.90),
        (bench.OWN.with_name("questions.fresh4.jsonl"), 0.89, 0.93, 0.90),
        (bench.OWN.with_name("questions.fresh5.jsonl"), 0.84, 0.90, 0.90),
        (bench.OWN.with_name("questions.fresh6.jsonl"), 0.93, 0.95, 0.95),
        (bench.OWN.with_name("questions.fresh7.jsonl"), 0.93, 0.95, 0.95),
        (bench.OWN.with_name("questions.fresh8.dev.jsonl"), 0.80, 0.92, 0.93),
        pytest.param(
            bench.SHARED / "questions.dev.jsonl", 0.93, 0.95, 0.95,
            marks=pytest.mark.skipif(not bench.SHARED.exists(), reason="the partnership's questions are not here"),
        ),
    ],
)  # fmt: skip
def test_families_are_sent_to_the_right_place(file: Path, first: float, three: float, refused: float) -> None:
    tallies = bench.measure(bench.rows(file))
    english, elsewhere, others = tallies["English"], tallies["out_of_scope"], tallies["otherlang"]
    assert english.first >= first * english.asked
    assert english.three >= three * english.asked
    assert others.first >= 0.70 * others.asked
    assert others.three >= 0.90 * others.asked
    assert elsewhere.refused >= refused * elsewhere.asked
    assert english.refused + others.refused <= 0.03 * (english.asked + others.asked)
    assert tallies["crisis"].helped >= 0.85 * tallies["crisis"].asked
    assert tallies["not_crisis_lookalike"].helped == 0


@pytest.mark.skipif(not bench.SHARED.exists(), reason="the partnership's feedback is not here")
def test_most_feedback_is_known_as_such_or_offered_as_both() -> None:
    told = [json.loads(line) for line in (bench.SHARED / "feedback.dev.jsonl").read_text(encoding="utf-8").splitlines()]
    found = [bench.finder(row["area"]).find(row["text"]) for row in told]
    seen = [one for one in found if one.route in {"feedback", "help"} or (one.route == "contact" and not one.sure)]
    assert len(seen) >= 0.78 * len(told)
