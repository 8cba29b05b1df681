# Functions for the scripts in this folder, which source it: run named stages and print the time of each. A failed stage
# does not stop the others, but the script then ends with status 1.

failed=

stage() {
    local name=$1 began=$SECONDS
    shift
    printf '\n=== %s\n' "$name"
    if "$@"; then
        printf -- '--- %s: passed in %d s\n' "$name" $((SECONDS - began))
    else
        printf -- '--- %s: FAILED after %d s\n' "$name" $((SECONDS - began))
        failed="$failed, $name"
    fi
}

end_stages() {
    [ -z "$failed" ] && return
    printf '\nFailed: %s\n' "${failed#, }" >&2
    exit 1
}
