#!/bin/sh
# page.sh HAUL SCDOC PAGE - PAGE as roff, with the options of HAUL in the place of @OPTIONS@.
set -eu
haul=$1
scdoc=$2
page=$3
options=$("$haul" --generate man)

while IFS= read -r line; do
    case $line in
    @OPTIONS@) printf '%s\n\n' "$options" ;;
    *) printf '%s\n' "$line" ;;
    esac
done <"$page" | "$scdoc"
