"""When a GPU is offered, and what a sandbox then allows besides: on made-up hosts, because few machines have one.

`gpu/` has the tests that need a real one.
"""

import os
import resource
from pathlib import Path

import pytest

from labs.runner.gpu import ENVIRONMENT, Gpu, NotOffered, find_gpu
from labs.runner.kernel import warming
from labs.runner.sandbox import calls, ceilings, seccomp
from labs.runner.supervisor import gpu_trial
from tests.runner.talk import run_code

VERSION = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.86.15  Thu Jan 23 02:10:03 UTC 2025\nGCC version: 12\n"
LIBRARIES = "/usr/lib/x86_64-linux-gnu"


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """A host with two GPUs, all of whose parts are there."""
    driver = tmp_path / "proc/driver/nvidia"
    write(driver / "version", VERSION)
    for minor in ("1", "0"):
        text = f"Model: \t\t NVIDIA H100 {minor}\nIRQ:   \t\t 42\nDevice Minor: \t {minor}\n"
        write(driver / f"gpus/0000:0{minor}:00.0/information", text)
    for device in ("nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm"):
        write(tmp_path / "dev" / device)
        (tmp_path / "dev" / device).chmod(0o666)
    write(tmp_path / f"{LIBRARIES}/libcuda.so.1".lstrip("/"))
    return tmp_path


def write(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def refusal(host: Path, tensorflow: str | None = "2.21.0") -> str:
    with pytest.raises(NotOffered) as refused:
        find_gpu(host, tensorflow)
    return str(refused.value)


def test_every_gpu_with_a_device_node_is_offered(host: Path):
    devices = ("/dev/nvidia0", "/dev/nvidia1", "/dev/nvidiactl", "/dev/nvidia-uvm")
    found = find_gpu(host, "2.21.0")
    assert found == Gpu(("NVIDIA H100 0", "NVIDIA H100 1"), "570.86.15", devices)
    assert found.in_words == "offered: NVIDIA H100 0, NVIDIA H100 1, driver 570.86.15"
    (host / "dev/nvidia1").unlink()
    assert find_gpu(host, "2.21.0").models == ("NVIDIA H100 0",)


def test_what_is_missing_is_named(host: Path, tmp_path: Path):
    assert refusal(tmp_path / "bare") == "No NVIDIA driver is loaded: /proc/driver/nvidia/version does not exist."
    (host / f"{LIBRARIES}/libcuda.so.1".lstrip("/")).unlink()
    assert refusal(host).startswith("The driver's library libcuda.so.1 is in none of /usr/lib/x86_64-linux-gnu,")
    (host / "dev/nvidiactl").chmod(0o600)
    assert refusal(host) == "Each run has a separate user, who may not open /dev/nvidiactl."
    (host / "dev/nvidiactl").unlink()
    assert refusal(host).startswith("The device node /dev/nvidiactl does not exist;")
    for device in ("nvidia0", "nvidia1"):
        (host / "dev" / device).unlink()
    assert refusal(host).endswith("no GPU has a device node such as /dev/nvidia0.")


def test_the_tensorflow_of_the_lock_file_cannot_use_a_gpu(host: Path):
    assert refusal(host, None) == "The package tensorflow is not installed; tensorflow-cpu cannot use a GPU."


@pytest.mark.parametrize("tier", ["bare", None])
def test_a_sandbox_without_a_private_root_gets_no_gpu(tier: str | None):
    assert gpu_trial.gpu_to_offer(tier) == (
        None,
        "not offered: only a sandbox with a private root (tier root or user) can have one.",
    )


def test_the_trial_fails_where_there_is_no_gpu(client):
    """The runner would refuse to offer one: the product is not computed on the processor instead."""
    told = run_code(client, gpu_trial.TRIAL)
    assert (told.verdict, "GPU" in told.text) == ("failed", True)


def allows(request: int, *, has_gpu: bool) -> bool:
    """Interpret the filter of `ioctl` for this request."""
    lines, at, word = seccomp.guarded(1, has_gpu=has_gpu)["ioctl"], 0, 0
    while True:
        code, if_true, if_false, operand = lines[at]
        at += 1
        if code == seccomp.RETURN:
            return operand == seccomp.ALLOW
        if code == seccomp.LOAD:
            word = request & 0xFFFFFFFF
        elif code == seccomp.AND:
            word &= operand
        elif code == seccomp.JUMP_EQ:
            at += if_true if word == operand else if_false


NVIDIA = (0xC020462A, 0xC00446C9, 0x30000001, 0x30000002, 1, 75)  # of the control node, then of the memory driver
DANGEROUS = (0x5412, 0x541C, 0x4004667F, 0x8008F5F2, 0x40086602, 0xC0185500)  # TIOCSTI, TIOCLINUX, files and others


@pytest.mark.parametrize("request_", NVIDIA)
def test_the_requests_of_the_driver_are_allowed_only_with_a_gpu(request_: int):
    assert (allows(request_, has_gpu=False), allows(request_, has_gpu=True)) == (False, True)


@pytest.mark.parametrize("request_", DANGEROUS)
def test_other_requests_stay_forbidden(request_: int):
    assert not allows(request_, has_gpu=True)


@pytest.mark.parametrize("request_", calls.IOCTL_REQUESTS)
def test_what_was_allowed_stays_allowed(request_: int):
    assert allows(request_, has_gpu=True)


@pytest.mark.parametrize("has_gpu", [False, True])
def test_the_limit_of_address_space_goes_with_a_gpu_and_that_of_memory_stays(has_gpu: bool):
    pid = os.fork()
    if pid == 0:
        ceilings.apply(1 << 30, 1 << 20, 8, has_gpu=has_gpu)
        limits = [
            resource.getrlimit(kind)[0] == resource.RLIM_INFINITY for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA)
        ]
        os._exit(limits == [has_gpu, False])
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1


def test_memory_grows_with_the_need_and_numbers_keep_their_digits():
    assert ENVIRONMENT == {"TF_FORCE_GPU_ALLOW_GROWTH": "true", "NVIDIA_TF32_OVERRIDE": "0"}
    assert warming.WITHOUT_GPU == {"CUDA_VISIBLE_DEVICES": "-1"}
