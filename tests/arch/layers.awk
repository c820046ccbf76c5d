# Usage: awk -f layers.awk config/layers.txt FILE...
# Names every #include of FILE... that config/layers.txt does not allow; exits with 1 when there is one.

function refuse(reason) {
    printf "%s:%d: %s\n", FILENAME, FNR, reason
    refused = 1
}

function room_of(path,    parts, count) {
    count = split(path, parts, "/")
    return parts[count - 1] == "src" ? "main" : parts[count - 1]
}

function allows(list, word) {
    return index(" " list " ", " " word " ") > 0
}

function check_door(door) {
    if (!(door in doors))
        refuse("'" door "' is no room of config/layers.txt")
    else if (door != room && !allows(doors[room], door))
        refuse("'" room "' may not open '" door "'")
}

function check_library(header,    library) {
    for (library in libraries)
        if (index(header, library) == 1 && !allows(libraries[library], room))
            refuse("'" room "' may not use <" header ">")
}

FNR == 1 {
    room = room_of(FILENAME)
    if (NR > FNR && !(room in doors))
        refuse("'" room "' is no room of config/layers.txt")
}

NR == FNR {
    sub(/#.*/, "")
    if (match($0, /^[^:]+:/)) {
        name = substr($0, 1, RLENGTH - 1)
        rest = substr($0, RLENGTH + 1)
        gsub(/ +/, " ", rest)
        sub(/^ /, "", rest)
        if (name ~ /^</)
            libraries[substr(name, 2, length(name) - 2)] = rest
        else
            doors[name] = rest
    }
    next
}

/^[ \t]*#[ \t]*include[ \t]*</ {
    header = $0
    sub(/^[^<]*</, "", header)
    sub(/>.*/, "", header)
    if (header ~ /^haul\//) {
        split(header, parts, "/")
        check_door(parts[2])
    } else {
        check_library(header)
    }
}

/^[ \t]*#[ \t]*include[ \t]*".*\// {
    refuse("quotes stay in the room: an include through a wall is <haul/ROOM/...>")
}

END {
    exit refused
}
