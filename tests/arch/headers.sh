#!/bin/sh
# Every header says all it needs: it compiles alone.
set -eu
source_dir=$(cd "${1:-$(dirname "$0")/../..}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags="-std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror -fsyntax-only"
flags="$flags $(pkg-config --cflags libuv libcurl openssl libcjson 2>/dev/null || true)"
failed=0

check() { # HEADER
    printf '#include "%s"\nint main(void)\n{\n    return 0;\n}\n' "$1" >"$work/alone.c"
    # shellcheck disable=SC2086 # flags are words
    "${CC:-cc}" $flags -I"$source_dir/include" "$work/alone.c"
}

printf 'struct lonely {\n    size_t length;\n};\n' >"$work/lonely.h"
# Headers named for a processor are for that one.
headers=$(find "$source_dir/include" "$source_dir/src" -name '*.h' |
    awk -v here="_$(uname -m).h" '!/_(x86_64|aarch64)\.h$/ || index($0, here)')
if check "$work/lonely.h" 2>/dev/null; then
    echo "a header that does not compile alone was not noticed"
    failed=1
fi
for header in $headers; do
    check "$header" || failed=1
done
exit $failed
