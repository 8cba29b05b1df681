"""The system calls a learner's process may make: data for `seccomp`. `numbers` has the number of each.

Found by running TensorFlow, Keras, Matplotlib, scikit-learn, pandas and IPython under strace. Any other call is
refused, such as those for processes, programs, sockets with an address, mounts, namespaces, keys, tracing and io_uring.
"""

import errno

PLAIN = (
    # read and write descriptors that are already open
    "read", "write", "close", "lseek", "pread64", "pwrite64", "readv", "writev",
    "sendfile", "preadv", "pwritev", "copy_file_range", "dup", "dup2", "dup3",
    "pipe", "pipe2", "fsync", "fdatasync", "ftruncate", "fallocate",
    "fadvise64", "sendto", "recvfrom", "shutdown",
    "getsockname", "getsockopt",
    # files by name, which Landlock and the private root restrict
    "open", "stat", "fstat", "lstat", "access", "truncate", "getcwd", "chdir",
    "fchdir", "rename", "mkdir", "rmdir", "unlink", "readlink", "umask",
    "statfs", "fstatfs", "getdents64", "openat", "mkdirat", "newfstatat",
    "unlinkat", "renameat", "readlinkat", "faccessat",
    "renameat2", "statx", "faccessat2",
    # memory
    "mprotect", "munmap", "brk", "mremap", "madvise",
    # threads, locks, time, own signals
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sched_yield", "nanosleep",
    "getitimer", "alarm", "setitimer", "exit", "gettimeofday", "times", "sigaltstack",
    "rt_sigpending", "pause", "gettid", "sched_getaffinity", "sched_getparam",
    "sched_getscheduler", "sched_get_priority_max", "sched_get_priority_min", "set_tid_address",
    "restart_syscall", "clock_gettime", "clock_getres", "clock_nanosleep", "exit_group",
    "set_robust_list", "get_robust_list", "getcpu", "membarrier", "rseq",
    # waiting on descriptors
    "poll", "select", "pselect6", "ppoll", "epoll_create1", "epoll_ctl",
    "epoll_wait", "epoll_pwait", "eventfd2",
    # the process's own identity and environment
    "getpid", "getppid", "getuid", "getgid", "geteuid", "getegid", "uname",
    "getpgrp", "getrlimit", "getrusage", "sysinfo", "getrandom",
)  # fmt: skip

# Modes and times of files. Landlock does not restrict these calls, so without a private root they could change any host
# file that the runner's user owns. There, these calls succeed without an effect, so that shutil.copy works.
ATTRIBUTES = ("chmod", "fchmod", "fchmodat", "utimensat")
# Extended attributes do not exist here. shutil.copy2 asks for them and continues only after this exact error.
UNSUPPORTED = ("listxattr", "llistxattr", "flistxattr")

# CLONE_VM|FS|FILES|SIGHAND|THREAD|SYSVSEM|SETTLS|PARENT_SETTID|CHILD_CLEARTID: exactly the flags that pthread_create
# uses.
THREAD_FLAGS = 0x3D0F00
# Shared anonymous memory can be unmapped without being freed, and then the watchdog cannot see it.
SHARED_ANONYMOUS = 0x21
# F_DUPFD GETFD SETFD GETFL SETFL GETLK, F_DUPFD_CLOEXEC, F_OFD_GETLK; no owners, leases, notices, pipe sizes
FCNTL_COMMANDS = (0, 1, 2, 3, 4, 5, 1030, 36)
# Another run could see a lock on a file that both can read, such as a data set. A filter cannot see which file it is, so
# every lock succeeds without an effect: SQLite, HDF5 and others go on, and a run is a single process, which does not need locks.
LOCKS = ("flock",)
FCNTL_LOCKS = dict.fromkeys((6, 7, 37, 38), 0)  # F_SETLK SETLKW, F_OFD_SETLK SETLKW
# Processes that map the same file could wake each other through a shared futex, even if they may not write to the file.
# Threads need such futexes, too: libstdc++ uses only these for std::future and for the first use of a static object, and the
# C library waits for the end of a thread with one. Therefore waking succeeds without an effect, and waiting ends at once with
# EAGAIN ("the value has changed"), after which these libraries look again until it has.
FUTEX_PRIVATE = 128
FUTEX_WAITS = (0, 9, 256, 9 | 256)  # FUTEX_WAIT, FUTEX_WAIT_BITSET, with or without FUTEX_CLOCK_REALTIME
FUTEX_WAKES = (1, 10)  # FUTEX_WAKE, FUTEX_WAKE_BITSET
FUTEX_SHARED = dict.fromkeys(FUTEX_WAITS, errno.EAGAIN) | dict.fromkeys(FUTEX_WAKES, 0)
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
# C libraries try the calls below, which have the same number on every processor, and fall back if the kernel does not know them.
FIRST_OPTIONAL = 424
