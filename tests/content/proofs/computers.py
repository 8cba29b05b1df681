"""The computers that learners may have, where their arithmetic differs: processor, TensorFlow's kernels, threads.

Sums in a different order differ in the last bit, and training can magnify this. Of the 12 combinations, these six cover
every pair of a processor, a set of kernels and a number of threads at least once.
"""

# How to make each library ignore the instructions of newer processors. "newest" is the processor that runs the proof.
PROCESSORS = {
    "sse": {
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "OPENBLAS_CORETYPE": "Nehalem",
        "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
    },
    "avx2": {
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "OPENBLAS_CORETYPE": "Sandybridge",  # see below
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    },
    "newest": {},
}
# A processor with AVX2 alone would choose OpenBLAS's "Haswell". Forced on a processor with AVX-512, that one crashes in the
# OpenBLAS of NumPy 2.5.5, in products of doubles from about 300 × 784 on; without AVX-512 it does not.
KERNELS = {"eigen": "0", "onednn": "1"}
COMPUTERS = (
    ("sse", "eigen", 1),
    ("sse", "onednn", 2),
    ("avx2", "eigen", 2),
    ("avx2", "onednn", 1),
    ("newest", "eigen", 1),
    ("newest", "onednn", 2),
)


def variables(processor: str, kernels: str, threads: int) -> dict[str, str]:
    """Return the environment of a runner's warm process on this computer."""
    arithmetic = {"TF_ENABLE_ONEDNN_OPTS": KERNELS[kernels], "TF_NUM_INTRAOP_THREADS": str(threads)}
    return {**PROCESSORS[processor], **arithmetic}
