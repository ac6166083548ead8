"""Personal data in free text: where it stands, and the text without it (issue 3, section 1).

`personal_data(text)` marks what could lead to a person: names, numbers, addresses, days of birth, schools.
`masked(text)` puts a plain word in the place of each, in the language being spoken. Nobody's words are changed
where they are kept: staff see the marks, and whatever is shown to others goes out masked until a person has said
otherwise (`allowed`).

What this is: kept libraries where there are any (`phonenumbers`, `stdnum`), and rules over lists (`names.toml`,
`words.toml`) for the rest. What this is not: a promise that nobody can be recognised. "The only girl in the village in
a wheelchair" holds nothing that a rule can see. So a person looks before anything is published.

What the areas' own files publish (a service's name, number, address) is nobody's personal data and is left alone.
"""

from .find import masked, personal_data
from .marks import Kind, Mark, in_words

__all__ = ["Kind", "Mark", "in_words", "masked", "personal_data"]
