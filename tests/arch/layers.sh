#!/bin/sh
# The rooms keep to config/layers.txt, and layers.awk would tell if they did not.
set -eu
source_dir=${1:-$(dirname "$0")/../..}
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
failed=0

check() { # TREE
    find "$1/src" "$1/include" -name '*.[ch]' -exec awk -f "$source_dir/tests/arch/layers.awk" "$1/config/layers.txt" {} +
}

must_be_refused() { # FILE LINE SENTENCE
    cp -R "$source_dir/src" "$source_dir/include" "$source_dir/config" "$copy"
    mkdir -p "$(dirname "$copy/$1")"
    printf '%s\n' "$2" >>"$copy/$1"
    if check "$copy" >"$copy/refused"; then
        echo "not noticed in $1: $2"
        failed=1
    elif ! grep -qF "$3" "$copy/refused"; then
        echo "noticed in $1, but not as \"$3\": $2"
        failed=1
    fi
    rm -rf "${copy:?}/src" "$copy/include" "$copy/config"
}

check "$source_dir" || failed=1

must_be_refused src/co/planted.c '#include <haul/http/client.h>' "'co' may not open 'http'"
must_be_refused src/http/planted.c '  #  include <haul/disk/output.h> /* why */' "'http' may not open 'disk'"
must_be_refused include/haul/job/planted.h '#include <haul/co/task.h>' "'job' may not open 'co'"
must_be_refused src/base/planted.h '#include "../co/scheduler.h"' "quotes stay in the room"
must_be_refused src/batch/planted.c '#include <haul/attic/old.h>' "'attic' is no room"
must_be_refused src/attic/planted.c '#include <string.h>' "'attic' is no room"
must_be_refused src/batch/planted.c '#include <curl/curl.h>' "'batch' may not use <curl/curl.h>"
must_be_refused src/planted.c '#include <uv.h>' "'main' may not use <uv.h>"
exit $failed
