"""Ways to cheat without any knowledge of a lab. Each defines the names that the lab's tests ask for."""

from collections.abc import Sequence

ANSWERS = {
    "answers NaN": 'float("nan")',
    "answers True": "True",
    "returns its first argument": "args[0] if args else None",
    "returns an object that equals everything": 'type("Equal", (), {"__eq__": lambda *_: True, "__array__": lambda *_: 0})()',
    "prints that it passed": 'print("passed")',
    "ends its process with success": '__import__("os")._exit(0)',
}


def cheats(asked: Sequence[str]) -> dict[str, str]:
    """Return the code of each cheat by what it does."""
    names = " = ".join(asked)
    return {does: CODE.format(answer=answer, names=names) for does, answer in ANSWERS.items()}


CODE = """# %%
class Cheat:
    def __call__(self, *args, **keywords):
        return {answer}

    run = get_weights = __call__


{names} = Cheat()
"""
