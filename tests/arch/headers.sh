#!/bin/sh
# Every header says all it needs: it compiles alone, with each compiler there is.
set -eu
source_dir=$(cd "${1:-$(dirname "$0")/../..}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags="-std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror -fsyntax-only"
flags="$flags $(pkg-config --cflags libuv libcurl openssl libcjson 2>/dev/null || true)"
failed=0

check() { # COMPILER HEADER
    printf '#include "%s"\nint main(void)\n{\n    return 0;\n}\n' "$2" >"$work/alone.c"
    # shellcheck disable=SC2086 # flags are words
    "$1" $flags -I"$source_dir/include" "$work/alone.c"
}

printf 'struct lonely {\n    size_t length;\n};\n' >"$work/lonely.h"
# Headers named for a processor are for that one.
headers=$(find "$source_dir/include" "$source_dir/src" -name '*.h' |
    awk -v here="_$(uname -m).h" '!/_(x86_64|aarch64)\.h$/ || index($0, here)')
for compiler in gcc clang; do
    command -v $compiler >/dev/null || continue
    if check $compiler "$work/lonely.h" 2>/dev/null; then
        echo "$compiler: a header that does not compile alone was not noticed"
        failed=1
    fi
    for header in $headers; do
        check $compiler "$header" || failed=1
    done
done
exit $failed
