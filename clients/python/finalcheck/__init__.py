"""A typed client of Finalcheck's REST API, version 1: the standard library and nothing else.

api = Client("http://localhost:8000")
api.sign_in("learner", "finalcheck")
print(api.progress("deep-learning-with-tensorflow")["overall"]["percent"])
"""

from finalcheck.client import Client
from finalcheck.events import Event
from finalcheck.problems import Problem
from finalcheck.responses import guess

__all__ = ["Client", "Event", "Problem", "guess"]
