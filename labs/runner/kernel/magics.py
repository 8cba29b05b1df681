"""IPython's magics: those that make sense in a lab stay, the others say in a sentence why not."""

from collections.abc import Callable
from typing import Any

from labs.runner.kernel.errors import Refused

KEPT = {
    "line": {"time", "timeit", "who", "who_ls", "whos", "precision", "pinfo", "pinfo2", "pdoc", "psource", "xmode"},
    "cell": {"time", "timeit", "capture", "writefile", "file"},
}
INSTALL = (
    "Packages cannot be installed in a lab: it has no network. TensorFlow, Keras, NumPy, SciPy, pandas, scikit-learn, "
    "Matplotlib and Pillow are there."
)
SHELL = "Shell commands do not run in a lab. Use Python instead: os.listdir() lists files, open() reads them."
LANGUAGE = "Only Python runs in a lab."
DEBUGGER = "There is no debugger in a lab, as it would wait for a keyboard. Print the value, or split the cell in two."
TENSORBOARD = "TensorBoard does not run inside a lab; event files that you write are shown as charts beside the files."
SESSION = "This would change the session behind the page. Use the buttons of the page instead."
WHY_NOT = {
    **dict.fromkeys(("pip", "conda", "mamba", "micromamba", "uv"), INSTALL),
    **dict.fromkeys(("sx", "sc", "system", "!", "bash", "sh", "script", "cd", "ls", "cat", "env", "set_env"), SHELL),
    **dict.fromkeys(("pwd", "mkdir", "rm", "cp", "mv", "pushd", "popd", "dhist", "bookmark"), SHELL),
    **dict.fromkeys(("js", "javascript", "perl", "ruby", "python2", "pypy", "latex", "html", "svg"), LANGUAGE),
    **dict.fromkeys(("debug", "pdb", "prun", "run"), DEBUGGER),
    **dict.fromkeys(("tensorboard", "load_ext", "reload_ext", "unload_ext"), TENSORBOARD),
    **dict.fromkeys(("reset", "reset_selective", "logstart", "logstop", "save", "history", "recall"), SESSION),
    "tensorflow_version": "The lab's runtime decides the version of TensorFlow, not a magic.",
}
OTHERWISE = "%{name} is not available in a lab. These are: %matplotlib inline, %time, %timeit, %who, %%time, %%capture."


def refusal(name: str) -> Callable[..., None]:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise Refused(WHY_NOT.get(name, OTHERWISE.format(name=name)))

    return refuse


def settle_magics(shell: Any) -> None:
    """Replaces every magic of the shell that is not kept, and adds names from elsewhere that learners will try."""
    for kind, magics in shell.magics_manager.magics.items():
        for name in {*magics, *WHY_NOT} - KEPT[kind]:
            magics[name] = refusal(name)
    for name in ("matplotlib", "config", "pylab"):
        shell.magics_manager.magics["line"][name] = QUIET[name](shell)


def use_matplotlib(shell: Any) -> Callable[[str], None]:
    def matplotlib(line: str) -> None:
        if line.strip() not in {"", "inline", "agg"}:
            shell.output.note(f"%matplotlib {line.strip()} needs a window; figures are shown in the page instead.")

    return matplotlib


def use_pylab(shell: Any) -> Callable[[str], None]:
    def pylab(_line: str) -> None:
        exec("import numpy as np, matplotlib.pyplot as plt\nfrom pylab import *", shell.user_ns)

    return pylab


def use_config(shell: Any) -> Callable[[str], None]:
    def config(line: str) -> None:
        if not line.strip().startswith("InlineBackend"):
            raise Refused("There is nothing to configure in a lab.")
        shell.output.note("Figures have one format in a lab; %config InlineBackend changes nothing.")

    return config


QUIET: dict[str, Callable[[Any], Callable[[str], None]]] = {
    "matplotlib": use_matplotlib,
    "pylab": use_pylab,
    "config": use_config,
}
