#!/bin/sh
# installed.sh BUILD SOURCE LIBDIR MANDIR FLAG... - what BUILD installs is a library: programs outside the tree are built with
# it in C and C++, shared and static, by its pkg-config file, and it gives the names in its headers and no others.
# shellcheck disable=SC2086 # compilers and flags are words
set -eu
build=$1
source=$2
libdir=$3
mandir=$4
shift 4
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
meson install -C "$build" --no-rebuild --quiet --destdir "$stage" --tags runtime,devel,doc
libdir=$stage$libdir
include=$(cd "$libdir" && PKG_CONFIG_PATH=$libdir/pkgconfig pkg-config --variable=includedir haul-co)
export PKG_CONFIG_PATH="$libdir/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$stage"
export LD_LIBRARY_PATH="$libdir"
mandir=$stage$mandir
failed=0

fail() { # SENTENCE
    echo "$1"
    failed=1
}

run() { # WHAT SOURCE
    python3 "$source/tests/docs/program.py" "$source/tests/consumer/$2" "$stage/program" || fail "$1: does not run"
    rm -f "$stage/program"
}

# Outside the tree, with no flags but those of pkg-config.
build_and_run() { # WHAT SOURCE PKG_CONFIG_OPTION COMPILER...
    what=$1
    program=$2
    static=$3
    shift 3
    # shellcheck disable=SC2046 # flags are words
    if (cd "$stage" && "$@" -Wall -Wextra -Werror -o program "$source/tests/consumer/$program" \
        $(pkg-config $static --cflags --libs haul-co)); then
        run "$what" "$program"
    else
        fail "$what: does not build"
    fi
}

names_of_headers() {
    python3 "$source/man/co/header.py" "$stage$include"/haul/co/*.h | grep . | sort
}

# What a sanitizer adds is not ours.
only_names_of_headers() { # LIBRARY NM_OPTION
    nm "$2" --defined-only --format=posix "$1" | awk 'NF > 1 && $1 !~ /asan|ubsan|tsan/ { print $1 }' | sort |
        diff "$stage/names" - || fail "$1: gives other names than its headers"
}

headers_are_cxx() { # STANDARD
    for header in "$stage$include"/haul/co/*.h; do
        # shellcheck disable=SC2046 # flags are words
        printf '#include "%s"\nint main() { return 0; }\n' "$header" |
            ${CXX:-g++} "-std=$1" -Wall -Wextra -Wpedantic -Werror $(pkg-config --cflags haul-co) -fsyntax-only -x c++ - ||
            fail "$header: is not for $1"
    done
}

# man(1) finds a function in the page of its header.
functions_have_pages() {
    while read -r name; do
        [ -f "$mandir/man3/$name.3" ] || fail "$name: has no page"
    done <"$stage/names"
    [ -f "$mandir/man7/haul-co.7" ] && [ -f "$mandir/man7/libhaul-co.7" ] || fail 'the library has no page'
}

names_of_headers >"$stage/names"
[ ! -d "$mandir/man3" ] || functions_have_pages
only_names_of_headers "$libdir/libhaul-co.so" -D
only_names_of_headers "$libdir/libhaul-co.a" -g
for standard in c++11 c++20; do
    headers_are_cxx $standard
done
build_and_run 'shared' consumer.c '' ${CC:-cc} "$@"
build_and_run 'shared, C++' consumer.cc '' ${CXX:-g++} "$@"
rm "$libdir"/libhaul-co.so*
build_and_run 'static' consumer.c --static ${CC:-cc} "$@"
build_and_run 'static, C++' consumer.cc --static ${CXX:-g++} "$@"
exit $failed
