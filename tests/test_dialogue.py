from tests.talk import Talk
def test_a(talk: Talk) -> None:
    talk("""
        > menu
        What would you like to do?
        > hello there my friend
        Thank you. What should I do with your words? [Find who can help] [Pass them on] [Neither]
        (restart)
        > 3
        That is fine. I have not kept your words.
        What would you like to do?
    """)
