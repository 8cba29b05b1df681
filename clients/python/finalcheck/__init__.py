"""A typed client for version 1 of Finalcheck's REST API. It needs only the standard library.

api = Client("http://localhost:8000")
api.sign_in("learner", "finalcheck")
print(api.progress("deep-learning-with-tensorflow")["overall"]["percent"])
"""

from finalcheck.client import Client
from finalcheck.events import Event
from finalcheck.problems import Problem
from finalcheck.responses import guess

__all__ = ["Client", "Event", "Problem", "guess"]
