# Sourced by the scripts beside it: named stages, each with its time; all of them run, and one failure fails the whole.

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
