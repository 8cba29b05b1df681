# Sourced by the scripts beside it: how they speak, stop, and install a system package.

say() { printf '· %s\n' "$*"; }

# stop SENTENCE LINE: what is wrong, and what to type.
stop() {
    printf '%s\n    %s\n' "$1" "$2" >&2
    exit 1
}

# install_package NAME...: root on an apt system installs; anyone else is told the exact line.
install_package() {
    command -v apt-get >/dev/null 2>&1 ||
        stop "Missing: $*. Install what your system calls it, so that its programs are on PATH, then repeat the command." "# for example: sudo dnf install $*"
    [ "$(id -u)" = 0 ] || stop "Missing: $*. Only root may install system packages." "sudo apt-get install $*"
    say "installing $*"
    mkdir -p build
    {
        apt-get update
        DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@"
    } </dev/null >build/apt.log 2>&1 || stop "apt-get could not install $*; build/apt.log says why." "apt-get install $*"
}
