"""x"""
from tests.standin import BotApi
def test_a(): 
    with BotApi() as api: assert api.port
