"""IPython's shell without history, terminal, files or commands. What it would print becomes frames."""

import builtins
import codeop
import sys
import warnings
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.figure import Figure

from labs.runner.kernel import figures
from labs.runner.kernel.errors import CellIndex, LabError, describe, error_data
from labs.runner.kernel.frames import CLEAR, display_data
from labs.runner.kernel.magics import SHELL, refusal, settle_magics
from labs.runner.kernel.output import FrameSender

NO_KEYBOARD = "A lab has no keyboard to read from. Assign the value in the cell instead, such as name = 'Ada'."
NO_EXIT = "A cell cannot end the session. To leave a cell early, put its code into a function and return."


class Hook(DisplayHook):
    """Show the value of a cell's last line as a display."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, object], md_dict: object = None) -> None:
        if format_dict:
            self.shell.output.show(display_data(format_dict))

    def finish_displayhook(self) -> None:
        self._is_active = False


class Publisher(DisplayPublisher):
    """Send what `display(…)` and `clear_output()` output."""

    def publish(self, data: dict[str, object], metadata: object = None, **_kwargs: object) -> None:
        self.shell.output.show(display_data(data))

    def clear_output(self, wait: bool = False) -> None:
        self.shell.output.show({CLEAR: {"wait": bool(wait)}})


class Compiler(CachingCompiler):
    """Name code after its cell, so that a traceback can tell the learner's lines from a library's.

    A cell is complete when it runs. Without this flag Python names the bracket that was never closed; with it, Python
    says only "incomplete input", because a prompt would wait for more lines.
    """

    def __init__(self) -> None:
        super().__init__()
        self.flags &= ~codeop.PyCF_ALLOW_INCOMPLETE_INPUT
        self.cells = CellIndex()
        self.cell: str | None = None

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        filename = f"<cell {self.cell} #{number}>"
        self.cells.add(filename, self.cell, raw_code or transformed_code)
        return filename


class Shell(InteractiveShell):
    """`error` is the payload of the error that ended the cell, or None."""

    output: Any
    error: Any = None
    compiler_class = Compiler

    def init_history(self) -> None:
        self.history_manager = HistoryManager(shell=self, parent=self, enabled=False)

    def showtraceback(self, *_args: object, **_kwargs: object) -> None:
        self.report(sys.exc_info()[1])

    def showsyntaxerror(self, *_args: object, **_kwargs: object) -> None:
        self.report(sys.exc_info()[1])

    def showindentationerror(self) -> None:
        self.report(sys.exc_info()[1])

    def report(self, error: BaseException | None) -> None:
        if isinstance(error, SystemExit):
            error = LabError(NO_EXIT)
        if error is not None:
            self.error = describe(self.compile.cells, error)
            self.output.show(error_data(self.error))

    def _format_exception_for_storage(self, *_args: object, **_kwargs: object) -> list[str]:
        """Return an empty list.

        IPython stores every traceback in its history, which takes ten seconds for a deep one; labs do not keep a history.
        """
        return []

    def ask_exit(self) -> None:
        raise LabError(NO_EXIT)

    def system(self, cmd: str) -> None:
        refusal("pip" if cmd.strip().startswith(("pip", "conda")) else "system")()

    def show_page(self, _shell: object, data: object, **_kwargs: object) -> None:
        """Show what IPython would open in a pager, such as the help of `print?`."""
        self.output.show(display_data(data if isinstance(data, dict) else {"text/plain": str(data)}))

    def getoutput(self, cmd: str, *_args: object, **_kwargs: object) -> None:
        raise LabError(SHELL)


def build_shell(output: FrameSender, names: dict[str, object]) -> Shell:
    """Build the learner's shell; `names` are defined in it from the first cell on."""
    shell = Shell.instance(display_pub_class=Publisher, displayhook_class=Hook, user_ns=names, colors="nocolor")
    shell.output = output
    shell.set_hook("show_in_pager", shell.show_page)
    settle_magics(shell)
    shell.display_formatter.active_types = [
        "text/plain",
        "text/html",
        "text/markdown",
        "text/latex",
        "image/png",
        "image/jpeg",
    ]
    shell.display_formatter.ipython_display_formatter.for_type(Figure, figures.show_alone)
    builtins.input = _no_keyboard
    warnings.filterwarnings("ignore", message="To exit: use")  # `report` shows it in the lab's format
    warnings.formatwarning = shell.compile.cells.warning
    return shell


def _no_keyboard(*_args: object) -> str:
    raise LabError(NO_KEYBOARD)
