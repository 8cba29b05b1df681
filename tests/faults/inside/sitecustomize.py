"""Python imports this module at its start, in programs whose PYTHONPATH names this folder. It installs the failpoints."""

from tests.faults.failpoints import install

install()
