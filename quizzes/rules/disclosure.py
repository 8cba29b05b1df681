"""When a key may be shown (D10, D11, I12): never while an answer can still count."""


def may_show_key(*, kind: str, is_final: bool, is_settled: bool) -> bool:
    """A review question's key once that question is final; an exam's keys once its sitting is settled."""
    return is_settled if kind == "exam" else is_final
