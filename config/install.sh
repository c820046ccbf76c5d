# shellcheck shell=sh disable=SC2154
# Sourced by config/quickstart and config/test, which have set $source to the top of the source tree.

missing_packages() { # SECTION...
    while read -r section package probe; do
        case " $* " in
        *" $section "*) sh -c "$probe" >/dev/null 2>&1 </dev/null || printf '%s ' "$package" ;;
        esac
    done <"$source/config/packages.txt"
}

# Installs what is missing of the sections; says what to install where there is no apt-get.
need_packages() { # SECTION...
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "Please install these first (the names are Debian's): $missing" >&2
        exit 1
    fi
    as_root=
    [ "$(id -u)" -eq 0 ] || as_root=sudo
    echo "Installing $missing"
    case $missing in
    *:arm64*) quietly $as_root dpkg --add-architecture arm64 ;;
    esac
    quietly $as_root apt-get update
    # shellcheck disable=SC2086 # a list of words
    quietly $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
    missing=$(missing_packages "$@")
    [ -z "$missing" ] || { echo "Still missing: $missing" >&2 && exit 1; }
}

# Runs a command and shows what it printed only if it failed.
quietly() {
    quietly_log=$(mktemp)
    if "$@" >"$quietly_log" 2>&1; then
        rm "$quietly_log"
    else
        echo "failed: $*" >&2
        cat "$quietly_log" >&2
        rm "$quietly_log"
        return 1
    fi
}

# Sets build/NAME up with the options, the first time.
configure() { # NAME OPTION...
    name=$1
    shift
    [ -f "$source/build/$name/build.ninja" ] || quietly meson setup "$source/build/$name" "$source" "$@"
}

# That, and builds all in it.
build() { # NAME OPTION...
    configure "$@" && quietly ninja -C "$source/build/$1"
}
