"""The English sentences of an area's data that families read in their own language: what translators are given.

The glossary, the plan (but for its titles), the charter, and what each service helps with are English only for now:
translating them half would be worse than saying so. Names of services stay as they are, since that is what stands on
the door.
"""

from __future__ import annotations

from models.area.area import Area
from models.finding.next_steps import next_steps


def catalogue_texts(area: Area) -> list[str]:
    """Every sentence that is said through `_()`, once each, in the order of the files."""
    retention = area.retention
    sentences = [
        area.partnership,
        area.office.read_by,
        area.office.not_watched,
        *(text for topic in area.topics for text in (topic.label, topic.meaning)),
        *(line.when for line in area.ring),
        *(getattr(retention, kind).why for kind in type(retention).model_fields),
        *(organisation.name for organisation in area.organisations),
        *(contact.plain_name for contact in area.contacts),
        *(priority.title for priority in area.priorities),
        *(one.say for one in area.pulses.statement),
        *(step.say for step in next_steps()),
        *(text for one in area.you_said for text in (one.said, one.doing, one.heard_at) if text),
    ]
    return list(dict.fromkeys(sentences))
