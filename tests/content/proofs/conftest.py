"""Which proofs of the content share a process."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Simulate each computer in one process of pytest-xdist, because each change of the computer starts a new runner."""
    for item in items:
        computer = item.callspec.params.get("elsewhere") if hasattr(item, "callspec") else None
        if computer is not None:
            item.add_marker(pytest.mark.xdist_group("-".join(map(str, computer))))
