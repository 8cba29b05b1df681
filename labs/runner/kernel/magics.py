"""Keep the IPython magics that work in a lab; the others explain why they are not available."""

from collections.abc import Callable
from typing import Any

from labs.runner.kernel.errors import LabError

KEPT = {
    "line": {"time", "timeit", "who", "who_ls", "whos", "precision", "pinfo", "pinfo2", "pdoc", "psource", "xmode"},
    "cell": {"time", "timeit", "capture", "writefile", "file"},
}
INSTALL = (
    "You cannot install packages in a lab, because it has no network. TensorFlow, Keras, NumPy, SciPy, pandas, scikit-learn, "
    "Matplotlib and Pillow are available."
)
SHELL = "You cannot run shell commands in a lab. Use Python instead: os.listdir() lists files, open() reads them."
LANGUAGE = "A lab runs only Python."
DEBUGGER = "You cannot use a debugger in a lab, because code cannot read from the keyboard. Print the value, or split the cell in two."
TENSORBOARD = "TensorBoard does not run inside a lab. Open Charts on this page to see the event files that you write."
SESSION = "This would change the session. Use the buttons on the page instead."
WHY_NOT = {
    **dict.fromkeys(("pip", "conda", "mamba", "micromamba", "uv"), INSTALL),
    **dict.fromkeys(("sx", "sc", "system", "!", "bash", "sh", "script", "cd", "ls", "cat", "env", "set_env"), SHELL),
    **dict.fromkeys(("pwd", "mkdir", "rm", "cp", "mv", "pushd", "popd", "dhist", "bookmark"), SHELL),
    **dict.fromkeys(("js", "javascript", "perl", "ruby", "python2", "pypy", "latex", "html", "svg"), LANGUAGE),
    **dict.fromkeys(("debug", "pdb", "prun", "run"), DEBUGGER),
    **dict.fromkeys(("tensorboard", "load_ext", "reload_ext", "unload_ext"), TENSORBOARD),
    **dict.fromkeys(("reset", "reset_selective", "logstart", "logstop", "save", "history", "recall"), SESSION),
    "tensorflow_version": "The lab's runtime sets the TensorFlow version. You cannot change it with a magic.",
}
OTHERWISE = (
    "%{name} is not available in a lab. Available magics: %matplotlib inline, %time, %timeit, %who, %%time, %%capture."
)


def refusal(name: str) -> Callable[..., None]:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise LabError(WHY_NOT.get(name, OTHERWISE.format(name=name)))

    return refuse


def settle_magics(shell: Any) -> None:
    """Replace every magic that is not kept, and add names from other tools that learners will try."""
    for kind, magics in shell.magics_manager.magics.items():
        for name in {*magics, *WHY_NOT} - KEPT[kind]:
            magics[name] = refusal(name)
    for name in ("matplotlib", "config", "pylab"):
        shell.magics_manager.magics["line"][name] = QUIET[name](shell)


def use_matplotlib(shell: Any) -> Callable[[str], None]:
    def matplotlib(line: str) -> None:
        if line.strip() not in {"", "inline", "agg"}:
            shell.output.note(f"%matplotlib {line.strip()} needs a window. The page shows your figures instead.")

    return matplotlib


def use_pylab(shell: Any) -> Callable[[str], None]:
    def pylab(_line: str) -> None:
        exec("import numpy as np, matplotlib.pyplot as plt\nfrom pylab import *", shell.user_ns)

    return pylab


def use_config(shell: Any) -> Callable[[str], None]:
    def config(line: str) -> None:
        if not line.strip().startswith("InlineBackend"):
            raise LabError("You cannot change this setting in a lab.")
        shell.output.note("Figures have a fixed format in a lab, so %config InlineBackend has no effect.")

    return config


QUIET: dict[str, Callable[[Any], Callable[[str], None]]] = {
    "matplotlib": use_matplotlib,
    "pylab": use_pylab,
    "config": use_config,
}
