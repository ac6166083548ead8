"""The program `yousaid`: everything that somebody with the machine can do."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import Settings, SettingsError, read_settings
from models.role import RoleName

if TYPE_CHECKING:
    from rich.console import Console

    from bot.main import House
    from bot.publishing import Published
    from bot.report.making import Made, Progress

app = typer.Typer(
    help="YouSaid: families and the people who serve them, in a chat.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


@cache
def _console() -> Console:
    """Loaded by what draws: a server never does."""
    from rich.console import Console

    return Console()


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _settings() -> Settings:
    try:
        return read_settings()
    except SettingsError as error:
        _stop(str(error))


def _stop(why: str) -> NoReturn:
    """Ends with a sentence on standard error, not with a traceback."""
    print(why, file=sys.stderr)
    raise typer.Exit(2)


@app.command()
def start() -> None:
    """Run it here: web chat, Telegram when a token is set; print where it is, and how to become staff."""
    from bot.welcome_mat import say_where

    _run(say_where)


@app.command()
def serve() -> None:
    """Run it, quietly: for a server."""
    _run()


def _run(on_ready: Callable[[House], None] | None = None) -> None:
    settings = _settings()
    from bot.partnership import opening

    opened = opening(settings.area)  # in a child, while the rest of the program is loaded here
    from bot.main import run

    try:
        run(settings, on_ready, opened)
    except SettingsError as error:
        _stop(str(error))


@app.command()
def worker() -> None:
    """Send what is due, beside any number of `yousaid serve` on one PostgreSQL; start as many as you like."""
    from bot.main import work

    try:
        work(_settings())
    except SettingsError as error:
        _stop(str(error))


@app.command()
def talk(
    language: Annotated[str, typer.Option(help="The language of your device.")] = "en",
    who: Annotated[str, typer.Option(help="Talk as somebody else: any name; it stays on this machine.")] = "",
) -> None:
    """Talk to it in the terminal; or pipe a conversation in, a message a line."""
    from bot.channels import terminal
    from bot.logs import start_logging
    from bot.main import prepare

    start_logging(as_json=False)
    house = prepare(_settings())
    interactive = sys.stdin.isatty()
    if interactive:
        _console().print("[dim]An empty line looks for news. Ctrl-D ends.[/dim]")
    terminal.talk(
        house.engine,
        house.turns,
        terminal.typed() if interactive else sys.stdin,
        sys.stdout,
        language=language,
        who=who,
    )


@app.command()
def who(
    area: Annotated[str, typer.Option(help="Whose Who's Who: a folder of areas/.")] = "tameside",
    stdin: Annotated[
        bool, typer.Option("--stdin", help="One question a line; one JSON object a line comes out.")
    ] = False,
    question: Annotated[str, typer.Argument(help="A question, when not from standard input.")] = "",
) -> None:
    """Who to contact: find it for a question."""
    from bot.partnership import finder_in
    from bot.who_cli import answer_lines
    from models.area import AreaError

    try:
        finder = finder_in(area)
    except AreaError as error:
        _stop(str(error))
    if not stdin and not question:
        _stop("Give a question, or --stdin with one question a line.")
    # Whatever bytes come in, every line gets its answer.
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    for line in answer_lines(finder, sys.stdin if stdin else [question]):
        print(line, flush=True)


@app.command()
def screen(
    stdin: Annotated[bool, typer.Option("--stdin", help="One text a line; one JSON object a line comes out.")] = False,
    text: Annotated[str, typer.Argument(help="A text, when not from standard input.")] = "",
) -> None:
    """Whether somebody may be at risk: screen a text."""
    from bot.screen_cli import screened_lines

    if not stdin and not text:
        _stop("Give a text, or --stdin with one text a line.")
    # Whatever bytes come in, every line gets its answer.
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    for line in screened_lines(sys.stdin if stdin else [text]):
        print(line, flush=True)


@app.command()
def invite(
    role: Annotated[RoleName, typer.Option(help="What they may do.")] = RoleName.RESPONDER,
    organisation: Annotated[str, typer.Option(help="For whom: a key of the area's organisations.")] = "council",
    days: Annotated[int, typer.Option(min=1, max=60, help="For how many days it works.")] = 7,
    as_json: JsonOption = False,
) -> None:
    """Invite somebody to be staff: a link that works once, and expires."""
    from bot.inviting import invitation, print_invitation, telegram_name
    from bot.main import prepare

    house = prepare(_settings())
    house.know(replace(house.partnership, telegram_name=telegram_name(house.settings)))
    keys = [one.key for one in house.partnership.area.organisations]
    if organisation not in keys:
        _stop(f"There is no organisation “{organisation}” in this area; there are: {', '.join(keys)}.")
    invited = invitation(house, role, organisation, days)
    if as_json:
        print(json.dumps(invited.as_json()))
    else:
        print_invitation(_console(), invited)


@app.command()
def publish(
    text_file: Annotated[Path, typer.Option("--text-file", help="What to say, in plain words.")],
    to: Annotated[
        str,
        typer.Option(help="everyone, topic:X, role:X, language:X, meeting:N, theme:N, raised:N, followers:N."),
    ],
    at: Annotated[str, typer.Option(help="When, like 2027-03-01T18:30; now unless given.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    *,
    allow_personal_data: Annotated[
        bool, typer.Option("--allow-personal-data", help="Also with names, numbers or addresses in it.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write to many, and watch it go out."""
    from bot import publishing
    from bot.main import prepare
    from models.audience import UnknownAudience

    house = prepare(_settings())
    area = house.partnership.area
    try:
        text = text_file.read_text(encoding="utf-8")
        when = publishing.read_when(at, area) if at else None
        reached = publishing.count(house.engine, area, to)
        if not as_json:
            left_out = ", ".join(f"{many} {reason.value}" for reason, many in reached.left_out.items())
            _console().print(f"{reached.reached} people; left out: {left_out or 'nobody'}.", highlight=False)
        if not yes and not typer.confirm("Send it?"):
            raise typer.Exit(1)
        number = publishing.hand_in_text(house.engine, area, text, to, when, allow_personal=allow_personal_data)
    except (publishing.PublishError, UnknownAudience) as error:
        _stop(str(error))
    except (OSError, UnicodeDecodeError):
        _stop(f"{text_file} cannot be read as text.")
    result = publishing.look(house.engine, number) if when else _watched(house, number, quiet=as_json)
    if as_json:
        print(json.dumps(result.as_json()))
        return
    _console().print(
        f"Publication {number}: {result.got} got it, {result.not_reached} could not be reached, "
        f"{result.unknown} of unknown fate, {result.waiting} still to come.",
        highlight=False,
    )
    if result.waiting and not when:
        _console().print("It goes out while `yousaid serve` or `yousaid start` is running.")


def _watched(house: House, number: int, *, quiet: bool) -> Published:
    from rich.progress import Progress as Bar

    from bot import publishing

    with Bar(console=_console(), disable=quiet) as bar:
        task = bar.add_task("sending", total=None)
        return publishing.watch(
            house.engine,
            number,
            lambda far: bar.update(task, total=far.total, completed=far.total - far.waiting),
        )


report = typer.Typer(help="Write a report as HTML, PDF and CSV.", no_args_is_help=True)
app.add_typer(report, name="report")
OutOption = Annotated[Path, typer.Option("--out", help="The folder to write into; it is made if need be.")]
LanguageOption = Annotated[str, typer.Option("--language", help="The language to write it in.")]


@report.command("local-offer")
def report_local_offer(
    out: OutOption,
    year: Annotated[int, typer.Option(min=2000, max=2100, help="The year that it is about.")],
    language: LanguageOption = "en",
    as_json: JsonOption = False,
) -> None:
    """The yearly report on comments about the Local Offer (regulation 56)."""
    from bot.main import prepare
    from bot.report.making import make_report

    house = prepare(_settings())
    _made(
        lambda progress: make_report(
            house.engine,
            house.partnership.area,
            year,
            out,
            progress=progress,
            web_address=house.partnership.web_address,
            language=language,
        ),
        as_json,
    )


@report.command("digest")
def report_digest(
    out: OutOption,
    quarter: Annotated[str, typer.Option(help="Like 2026Q4.")],
    organisation: Annotated[str, typer.Option(help="A key of the area's organisations, such as forum.")] = "forum",
    language: LanguageOption = "en",
    as_json: JsonOption = False,
) -> None:
    """A quarter for one organisation, or for the parent carer forum."""
    from bot.main import prepare
    from bot.report.making import make_digest

    house = prepare(_settings())
    _made(
        lambda progress: make_digest(
            house.engine,
            house.partnership.area,
            quarter,
            organisation,
            out,
            progress=progress,
            web_address=house.partnership.web_address,
            language=language,
        ),
        as_json,
    )


def _made(make: Callable[[Progress], Made], as_json: bool) -> None:
    from rich.progress import Progress as Bar

    from bot.report.making import ReportError

    try:
        with Bar(console=_console(), disable=as_json) as bar:
            task = bar.add_task("writing", total=1.0)
            made = make(lambda done: bar.update(task, completed=done))
    except (ReportError, ValueError) as error:
        _stop(str(error))
    except OSError:
        _stop("The folder cannot be written to.")
    if as_json:
        print(json.dumps(made.as_json()))
        return
    for file in made.files:
        print(file)
    print(f"{made.comments} comments, {made.unanswered} of them without an answer")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to; it must not exist yet.")], as_json: JsonOption = False
) -> None:
    """Copy the whole database to a file while it goes on being used."""
    from bot.backup import BackupError, back_up
    from bot.main import prepare

    try:
        size = back_up(prepare(_settings()).engine, file)
    except BackupError as error:
        _stop(str(error))
    print(json.dumps({"file": str(file), "bytes": size}) if as_json else f"{file}: {size:,} bytes")


@app.command()
def restore(
    file: Annotated[Path | None, typer.Argument(help="A copy made by `yousaid backup`.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Put a copy back; what it holds unsent waits for a person. Without FILE: only that, after pg_restore."""
    from bot.backup import BackupError
    from bot.backup import restore as put_back

    try:
        done = put_back(_settings().database_url, file)
    except BackupError as error:
        _stop(str(error))
    parked = {kind.value: count for kind, count in done.parked.messages.items()}
    before = str(done.before) if done.before else None
    if as_json:
        publications = done.parked.publications
        print(json.dumps({"publications": publications, "messages": parked, "erased": done.erased, "before": before}))
        return
    print(f"Publications paused until somebody says “go on”: {done.parked.publications}")
    print(f"Messages that will not be sent by themselves: {sum(parked.values())} {parked or ''}".rstrip())
    print(f"People who had left since, erased again: {done.erased}")
    if before:
        print(f"The database that was there before is kept as {before}. Delete it when you are content.")


@app.command()
def doctor(as_json: JsonOption = False) -> None:
    """Say what is not in order: settings, database, migrations, area, rota, versions, clock."""
    from bot.doctor import examine

    findings = examine()
    if as_json:
        print(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            mark = {"ok": "[green]✓[/]", "look": "[yellow]![/]", "wrong": "[red]✗[/]"}[finding.level]
            _console().print(f"{mark} {_escaped(f'{finding.what}: {finding.says}')}", highlight=False, soft_wrap=True)
    raise typer.Exit(1 if any(finding.level == "wrong" for finding in findings) else 0)


@app.command(name="sign-off")
def sign_off(
    names: Annotated[list[str] | None, typer.Argument(help="Which sentences; all unless given.")] = None,
    by: Annotated[str, typer.Option(help="The role that has read them, such as “safeguarding lead”. No name.")] = "",
) -> None:
    """The words said to somebody in danger: list them, or with --by sign them off in the area's file."""
    from bot.safety_cli import how_signed, sign_in_file
    from handlers.safety_words import to_be_signed
    from models.area import load_area
    from models.database import now

    area = load_area(_settings().area)
    if by:
        try:
            signed = sign_in_file(area, names or [], by, area.today(now()))
        except KeyError as error:
            _stop(f"There is no sentence {error}. `yousaid sign-off` lists them.")
        print(f"{len(signed)} sentences signed off by {by}, in {area.folder / 'signed_off.toml'}")
        return
    missing = how_signed(area).missing
    for name, sentence in to_be_signed().items():
        _console().print(f"{'✗' if name in missing else '✓'} {_escaped(name)}: {_escaped(sentence)}", highlight=False)


@app.command()
def misses(
    out: Annotated[Path | None, typer.Option(help="A file for them; unless given, they are only counted.")] = None,
) -> None:
    """What the screening missed, found by people reading again: count it, or write it out, masked, as tests."""
    from bot.main import prepare
    from bot.safety_cli import missed_lines
    from models.database import reading
    from models.second_look import counted

    engine = prepare(_settings()).engine
    if out is not None:
        lines = list(missed_lines(engine))
        out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        print(f"{len(lines)} written to {out}. Read them before they go anywhere: no mask sees everything.")
        return
    with reading(engine) as session:
        found = counted(session)
    print(f"Picked {found.picked}, read by two {found.read}, still to read {found.waiting}, missed {found.missed}.")


@app.command()
def migrate() -> None:
    """Bring the database up to date (start and serve do it too)."""
    from bot.migrations import current, migrate
    from models.database import open_database

    engine = open_database(_settings().database_url)
    migrate(engine)
    print(f"The database is at {current(engine)}.")


@app.command(hidden=True)
def migration(why: str) -> None:
    """For developers: write a migration from the models."""
    import tempfile

    from bot.migrations import write_migration
    from models.database import open_database

    if not why:
        _stop('Say why: make migration M="themes have an owner"')
    with tempfile.TemporaryDirectory() as folder:
        write_migration(open_database(f"sqlite:///{folder}/empty.db"), why)


def main() -> None:
    try:
        app()
    except SQLAlchemyError as error:
        # Its text may hold parameters; its kind is enough for `doctor` to go on from.
        _stop(f"The database does not answer ({type(error).__name__}). `yousaid doctor` says more.")


if __name__ == "__main__":
    main()
