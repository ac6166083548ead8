"""Members of staff at the desk of a served partnership."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import Engine

from models.role import RoleName
from tests.web.desk.colleague import Colleague
from tests.web.serving import Served

Hire = Callable[..., Colleague]


@pytest.fixture
def hire(served: Served, engine: Engine) -> Iterator[Hire]:
    """`hire(RoleName.VIEWER)` is a new colleague who is signed in."""
    with ExitStack() as stack:

        def hire(role: RoleName = RoleName.RESPONDER, organisation: str = "council", **more: Any) -> Colleague:
            return stack.enter_context(Colleague(engine, served.address, role, organisation, **more))

        yield hire
