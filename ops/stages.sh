# Functions for the scripts in this folder, which source it: run named stages and print the time of each. A failed stage
# does not stop the others, but the script then ends with status 1, and its last lines name the tests that failed.

failed=
printed=$(mktemp)
trap 'rm -f "$printed"' EXIT

stage() {
    local name=$1 began=$SECONDS
    shift
    printf '\n=== %s\n' "$name"
    # No pipe, because the shell would wait for every program that a stage left running.
    if "$@" > >(tee -a "$printed") 2>&1; then
        printf -- '--- %s: passed in %d s\n' "$name" $((SECONDS - began))
    else
        printf -- '--- %s: FAILED after %d s\n' "$name" $((SECONDS - began))
        failed="$failed, $name"
    fi
}

end_stages() {
    [ -z "$failed" ] && return
    sleep 1 # until the last lines are written
    printf '\nFailed: %s\n' "${failed#, }" >&2
    grep -E '^(FAILED|ERROR) ' "$printed" | sort -u | head -30 >&2
    exit 1
}
