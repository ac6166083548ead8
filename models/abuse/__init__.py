"""Words aimed at people who work here: insults, slurs, threats (H12; docs/abuse-policy.md).

`hard_words(text)` says which kinds there are; `softened(text)` is the text with a plain sign in the place of each, so
that what was said is heard all the same. Anger about a service is no abuse, however loud: a rule needs somebody at
whom the words are thrown. The family is answered once, kindly and firmly (`answer_once`), and nothing is dropped.
"""

from models.abuse.answered import AbuseAnswer, answer_once
from models.abuse.rules import Hard, hard_words, softened

__all__ = ["AbuseAnswer", "Hard", "answer_once", "hard_words", "softened"]
