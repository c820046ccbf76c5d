#!/bin/sh
# archive.sh ARCHIVE OBJECT... -- COMPILER... - one object in an archive, from which only what the headers export can be
# linked: the names that the files of this folder share among themselves are not the names of anybody else.
set -eu
archive=$1
shift
objects=
while [ "$1" != -- ]; do
    objects="$objects $1"
    shift
done
shift
whole=${archive%.a}.o
rm -f "$archive"
# shellcheck disable=SC2086 # objects are words: paths of the build folder
"$@" -r -nostdlib -o "$whole" $objects
${OBJCOPY:-objcopy} --localize-hidden "$whole"
${AR:-ar} rcsD "$archive" "$whole"
rm "$whole"
