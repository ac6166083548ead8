"""Forged webhooks, guessed invites and links: nothing is accepted, and no answer differs from that to anybody else."""

from __future__ import annotations

import random
import string
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from bot.channels.telegram.webhook import PATH, SECRET_HEADER
from models.partnership import Partnership
from models.received import Received
from models.role import Invite, Role, RoleName, accept, invite
from tests.faults.conftest import Trials
from tests.faults.hostile import plainly
from tests.standin import BotApi
from tests.talk import Talk
from tests.telegram.serving import SECRET, Serving

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")


def alike(answer: httpx.Response) -> tuple[Any, ...]:
    """All of an answer that somebody could tell it from another by."""
    headers = sorted((name, value) for name, value in answer.headers.items() if name != "date")
    return answer.status_code, answer.content, headers


def test_a_forged_webhook_is_answered_like_an_address_that_is_not_there(
    api: BotApi, engine: Engine, tameside: Partnership, trials: Trials
) -> None:
    chance = random.Random(trials.seed)
    guesses = ["", "0", SECRET[:-1], SECRET + "x", SECRET.upper(), SECRET[::-1], "x" * 8000]
    guesses += ["".join(chance.choices(string.printable[:94], k=len(SECRET))) for _ in range(trials.many(200, 20_000))]
    with Serving(api, engine, tameside, webhook=True) as serving, httpx.Client(base_url=serving.web_address) as web:
        api.wait_for(lambda: api.listened_to)
        nothing = {method: alike(web.request(method, "/nothing-is-here")) for method in METHODS}
        tried = 0
        for number, guess in enumerate(guesses):
            if trials.time_is_up:
                break
            update = plainly(7, number, "/start")
            method = "POST" if number % 4 else chance.choice(METHODS)
            headers = {SECRET_HEADER: guess} if guess else {}
            assert alike(web.request(method, PATH, json=update, headers=headers)) == nothing[method], (method, guess)
            tried += 1
        trials.tell("forged webhooks", f"{tried} secrets, {len(METHODS)} methods")
        assert serving.kept(Received) == []
        sam = api.person(7)
        sam.says("/start")
        sam.hears()


@pytest.mark.parametrize("kind", ["guessed", "used", "expired", "malformed"])
def test_an_invite_that_is_not_good_is_refused_in_the_same_words(talk: Talk, trials: Trials, kind: str) -> None:
    with talk.writing() as session:
        row, secret = invite(session, RoleName.ADMIN, "council", None)
        if kind == "used":
            accept(session, secret, talk.another("somebody").person(session))
        elif kind == "expired":
            row.expires -= timedelta(days=8)
    chance = random.Random(trials.seed)
    letters = string.ascii_letters + string.digits + "-_"
    tried = {
        "guessed": ["".join(chance.choices(letters, k=len(secret))) for _ in range(trials.many(50, 5_000))],
        "used": [secret],
        "expired": [secret],
        "malformed": ["", secret[:-1], secret + "x", secret.swapcase(), "../" + secret, "%", "' OR 1=1 --", "\u202e"],
    }[kind]
    roles, refused = len(talk.kept(Role)), 0
    for number, guess in enumerate(tried):
        if trials.time_is_up:
            break
        stranger = talk.another(f"stranger {number}")
        stranger.types(f"/start inv-{guess}")
        assert stranger.shown()[0].startswith("This invite does not work."), guess
        refused += 1
    trials.tell(f"an invite that is not good ({kind})", f"{refused} refused")
    assert len(talk.kept(Role)) == roles
    assert len([one for one in talk.kept(Invite) if one.used]) == (kind == "used")
