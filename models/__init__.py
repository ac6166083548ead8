"""The nouns of the partnership and their verbs.

One noun a file: the table, and beside it what can be done with it. Verbs take a `Session`, never commit and never
speak; who calls them decides when their work is kept.
"""
