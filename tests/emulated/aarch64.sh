#!/bin/sh
# aarch64.sh SOURCE - builds the coroutine layer for aarch64 and runs its model and its examples under qemu-user.
# Skipped where the compiler, the emulator or libuv for that machine is missing: section aarch64 of config/packages.txt.
set -eu
source=$1
compiler=aarch64-linux-gnu-gcc
skipped=77

command -v $compiler >/dev/null && command -v qemu-aarch64 >/dev/null || exit $skipped
echo 'int main(void) { return 0; }' | $compiler -x c -o /dev/null - -luv 2>/dev/null || exit $skipped
[ "$(uname -m)" != aarch64 ] || exit $skipped

built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
compile() {
    $compiler -std=gnu17 -D_GNU_SOURCE -Werror -g -O1 -fno-omit-frame-pointer -fstack-clash-protection \
        -I"$source/include" "$@"
}

# With our own switch, not with ucontext.
for file in "$source"/src/base/*.c "$source"/src/co/*.c; do
    case $file in
    *ucontext.c) ;;
    *) compile -c "$file" -o "$built/$(basename "$file" .c).o" ;;
    esac
done
compile "$source"/tests/model/*.c "$built"/*.o -luv -pthread -o "$built/model"
for seed in 1 2; do
    qemu-aarch64 "$built/model" $seed 20000
done
for example in "$source"/examples/co/*.c; do
    name=$(basename "$example" .c)
    compile "$example" "$built"/*.o -luv -pthread -o "$built/$name"
    python3 "$source/tests/docs/program.py" "$example" qemu-aarch64 "$built/$name"
    echo "example $name: as expected"
done
