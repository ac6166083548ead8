"""Gathers every text into the catalogues, and checks them.

    python -m bot.texts gather    new sentences in, what is no longer said out
    python -m bot.texts check     nothing missing, no placeholder lost, nothing stale

A catalogue's first lines say who checked it; “nobody yet” means that no native speaker has, and the bot then says so.
The sentences of the areas' own data (topics, whom to ring, what is kept) are gathered too.
"""

from __future__ import annotations

import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from locales import DOMAIN, HERE, NOBODY, SOURCE, catalogue_path
from models.area import areas, catalogue_texts, load_area

PROJECT = HERE.parent
FOLDERS = ("bot", "handlers", "models", "locales")
KEYWORDS = {"_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
# One date for all: a catalogue changes when its texts do, not when somebody gathers them.
MADE = datetime(2026, 1, 1, tzinfo=UTC)


def gathered() -> Catalog:
    """Every sentence that the program can say, with the places where it says it."""
    catalogue = Catalog(
        domain=DOMAIN,
        project="YouSaid",
        version="1",
        creation_date=MADE,
        header_comment="# YouSaid: what the bot says.",
    )
    for folder in FOLDERS:
        for file, _line, sentence, comments, context in extract_from_dir(
            PROJECT / folder, METHODS, keywords=KEYWORDS, comment_tags=("For translators:",), strip_comment_tags=True
        ):
            catalogue.add(sentence, locations=[(f"{folder}/{file}", 0)], auto_comments=comments, context=context)
    for sentence, area in _of_the_areas():
        catalogue.add(sentence, locations=[(f"areas/{area}", 0)])
    return catalogue


def _of_the_areas() -> Iterator[tuple[str, str]]:
    for name in areas():
        for sentence in catalogue_texts(load_area(name)):
            yield sentence, name


def catalogues() -> list[Path]:
    return sorted(HERE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain=DOMAIN)


def gather(languages: list[str]) -> None:
    template = gathered()
    for path in sorted({*catalogues(), *(catalogue_path(code) for code in languages)}):
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = read(path) if path.exists() else Catalog(locale=path.parent.parent.name, domain=DOMAIN)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.revision_date, catalogue.fuzzy = MADE, False
        catalogue.project, catalogue.version = template.project, template.version
        if "Checked by: " not in catalogue.header_comment:
            catalogue.header_comment = f"# YouSaid: what the bot says.\n# Checked by: {NOBODY}"
        write(path, catalogue)
        missing = [message for message in catalogue if message.id and not _translated(message)]
        print(f"{path.parent.parent.name}: {len(catalogue)} texts, {len(missing)} not translated")


def write(path: Path, catalogue: Catalog) -> None:
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)


def wrongs() -> list[str]:
    """Everything that is not right, a line each."""
    template = gathered()
    ids = {(message.id, message.context) for message in template if message.id}
    found = [f"{path.parent.parent.name}: {wrong}" for path in catalogues() for wrong in _wrongs_in(read(path), ids)]
    return [*found, *(f"a place without a name in: {text}" for text in _nameless(template))]


def _wrongs_in(catalogue: Catalog, ids: set[tuple[str | list[str] | tuple[str, ...], str | None]]) -> Iterator[str]:
    present = {(message.id, message.context) for message in catalogue if message.id}
    for missing, _context in sorted(ids - present, key=str):
        yield f"not gathered (make texts): {missing}"
    for stale, _context in sorted(present - ids, key=str):
        yield f"no longer said (make texts): {stale}"
    for message in catalogue:
        if message.id and not _translated(message):
            yield f"not translated: {message.id}"
        elif message.id and _places(message.string) != _places(message.id):
            yield f"other places than the English: {message.id}"


def _translated(message: Message) -> bool:
    return all(_strings(message.string))


def _places(text: str | list[str] | tuple[str, ...] | None) -> set[str]:
    """The `{named}` places of a sentence; of all forms together where there are several."""
    return {
        name for one in _strings(text) for _literal, name, _spec, _conversion in string.Formatter().parse(one) if name
    }


def _nameless(template: Catalog) -> list[str]:
    return [text for message in template for text in _strings(message.id) if "{}" in text]


def _strings(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text or ""] if isinstance(text, str | None) else list(text)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["gather", *languages]:
            gather(languages)
            return 0
        case ["check"]:
            problems = wrongs()
            print("\n".join(problems) if problems else f"texts: {SOURCE} and {len(catalogues())} translations in order")
            return 1 if problems else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
