"""Collections of cyclic garbage: seldom, and never among the parts of the program itself."""

import gc
from importlib import import_module

from foundation.fast.pieces import ON


def collect_seldom(views: str) -> None:
    """Look for cyclic garbage after 5,000 new objects from now on. `views` is the module that loads all views.

    No request is answered during a collection. 5,000 objects, those of 35 answers, take 2 ms; 20,000 would take 8 ms.
    Every tenth time, the objects that survived are checked as well: at most 60,000, in about 10 ms. Views and their
    modules are loaded first. Otherwise a collection some minutes later looks through all of them, which takes a
    tenth of a second.
    """
    if not ON.seldom_collections:
        return
    import_module(views)
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 100)
