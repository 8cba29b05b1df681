"""The system calls a learner's process may make: data for `seccomp`, with x86-64 numbers.

Found by running TensorFlow, Keras, Matplotlib, scikit-learn, pandas and IPython under strace. Any other call is
refused: no new process or program, no socket with an address, no mount, no namespace, no key, no tracing, no io_uring.
"""

PLAIN = {
    # read and write descriptors that are already open
    "read": 0, "write": 1, "close": 3, "lseek": 8, "pread64": 17, "pwrite64": 18, "readv": 19, "writev": 20,
    "sendfile": 40, "preadv": 295, "pwritev": 296, "copy_file_range": 326, "dup": 32, "dup2": 33, "dup3": 292,
    "pipe": 22, "pipe2": 293, "flock": 73, "fsync": 74, "fdatasync": 75, "ftruncate": 77, "fallocate": 285,
    "fadvise64": 221, "sendto": 44, "recvfrom": 45, "shutdown": 48,
    "getsockname": 51, "getsockopt": 55,
    # files by name, which Landlock and the private root restrict
    "open": 2, "stat": 4, "fstat": 5, "lstat": 6, "access": 21, "truncate": 76, "getcwd": 79, "chdir": 80,
    "fchdir": 81, "rename": 82, "mkdir": 83, "rmdir": 84, "unlink": 87, "readlink": 89, "umask": 95,
    "statfs": 137, "fstatfs": 138, "getdents64": 217, "openat": 257, "mkdirat": 258, "newfstatat": 262,
    "unlinkat": 263, "renameat": 264, "readlinkat": 267, "faccessat": 269,
    "renameat2": 316, "statx": 332, "faccessat2": 439,
    # memory
    "mprotect": 10, "munmap": 11, "brk": 12, "mremap": 25, "madvise": 28,
    # threads, locks, time, own signals
    "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "sched_yield": 24, "nanosleep": 35,
    "getitimer": 36, "alarm": 37, "setitimer": 38, "exit": 60, "gettimeofday": 96, "times": 100, "sigaltstack": 131,
    "rt_sigpending": 127, "pause": 34, "gettid": 186, "futex": 202, "sched_getaffinity": 204, "sched_getparam": 143,
    "sched_getscheduler": 145, "sched_get_priority_max": 146, "sched_get_priority_min": 147, "set_tid_address": 218,
    "restart_syscall": 219, "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231,
    "set_robust_list": 273, "get_robust_list": 274, "getcpu": 309, "membarrier": 324, "rseq": 334,
    # waiting on descriptors
    "poll": 7, "select": 23, "pselect6": 270, "ppoll": 271, "epoll_create1": 291, "epoll_ctl": 233,
    "epoll_wait": 232, "epoll_pwait": 281, "eventfd2": 290,
    # the process's own identity and environment
    "getpid": 39, "getppid": 110, "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108, "uname": 63,
    "getpgrp": 111, "getrlimit": 97, "getrusage": 98, "sysinfo": 99, "getrandom": 318,
}  # fmt: skip

# Modes and times of files. Landlock does not restrict these calls, so without a private root they could change any host
# file that the runner's user owns. There, these calls succeed but change nothing, so that shutil.copy works.
ATTRIBUTES = {"chmod": 90, "fchmod": 91, "fchmodat": 268, "utimensat": 280}
# Extended attributes do not exist here. shutil.copy2 asks for them and continues only after this exact error.
UNSUPPORTED = {"listxattr": 194, "llistxattr": 195, "flistxattr": 196}

MMAP, IOCTL, SOCKETPAIR, CLONE, KILL, FCNTL, PRCTL, TGKILL, PRLIMIT = 9, 16, 53, 56, 62, 72, 157, 234, 302

# CLONE_VM|FS|FILES|SIGHAND|THREAD|SYSVSEM|SETTLS|PARENT_SETTID|CHILD_CLEARTID: exactly the flags that pthread_create
# uses.
THREAD_FLAGS = 0x3D0F00
# Shared anonymous memory can be unmapped without being freed, and then no watchdog can see it.
SHARED_ANONYMOUS = 0x21
# F_DUPFD GETFD SETFD GETFL SETFL GETLK SETLK SETLKW, F_DUPFD_CLOEXEC, F_OFD_GETLK SETLK SETLKW; no owners, leases, pipe sizes
FCNTL_COMMANDS = (0, 1, 2, 3, 4, 5, 6, 7, 1030, 36, 37, 38)
# TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
IOCTL_REQUESTS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
# The requests of NVIDIA's drivers, if runs may use a GPU: those whose type is "F", the numbers of the memory driver, and
# its two that are larger (UVM_INITIALIZE, UVM_DEINITIALIZE). The filter cannot see which device a request is for.
GPU_TYPE_BITS, GPU_TYPE, GPU_SMALL_BITS = 0xFF00, 0x4600, 0xFFFFFF00
GPU_REQUESTS = (0x30000001, 0x30000002)
# PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_GET_SECCOMP, PR_CAPBSET_READ, PR_GET_NO_NEW_PRIVS, PR_SET_VMA
PRCTL_OPTIONS = (3, 15, 16, 21, 23, 39, 0x53564D41)
# SOCK_STREAM with or without CLOEXEC and NONBLOCK: a datagram pair could still send to a named socket.
SOCKETPAIR_TYPES = (1, 0x80001, 0x801, 0x80801)
# C libraries try the calls below and fall back if the kernel does not know them.
FIRST_OPTIONAL = 424
