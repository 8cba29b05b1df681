# Functions for the scripts in this folder, which source it: print a line, stop, install a system package.

say() { printf '· %s\n' "$*"; }

# stop SENTENCE LINE: print the problem and the command that solves it, then exit.
stop() {
    printf '%s\n    %s\n' "$1" "$2" >&2
    exit 1
}

# install_package NAME...: install the packages as root on a system with apt. Otherwise print the command to type.
install_package() {
    command -v apt-get >/dev/null 2>&1 ||
        stop "Missing: $*. Install these programs under the names that your system uses, so that they are on PATH. Then repeat the command." "# for example: sudo dnf install $*"
    [ "$(id -u)" = 0 ] || stop "Missing: $*. Only root may install system packages." "sudo apt-get install $*"
    say "installing $*"
    mkdir -p build
    {
        apt-get update
        # shellcheck disable=SC2046  # a list of words
        DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $(lightest "$@")
    } </dev/null >build/apt.log 2>&1 || stop "apt-get could not install $*. The reason is in build/apt.log." "apt-get install $*"
}

# Where the system offers Chromium without the windows of a desktop, name that one: its pages cost half as much. Leave out
# Firefox where there is no such package, as on Ubuntu: its tests are then left out, too.
lightest() {
    for name in "$@"; do
        [ "$name" = firefox-esr ] && ! apt-cache show firefox-esr >/dev/null 2>&1 && continue
        [ "$name" = chromium ] && apt-cache show chromium-headless-shell >/dev/null 2>&1 && name=chromium-headless-shell
        printf '%s\n' "$name"
    done
}
