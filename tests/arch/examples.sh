#!/bin/sh
# examples.sh SOURCE - an example is read at one glance: it has fewer than 60 lines.
set -eu
long=0
for example in "$1"/examples/co/*.c; do
    lines=$(wc -l <"$example")
    if [ "$lines" -ge 60 ]; then
        echo "$example has $lines lines" >&2
        long=1
    fi
done
exit $long
