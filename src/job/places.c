#include <haul/job/places.h>

#include <string.h>

static bool is_out(const struct places *places, unsigned place)
{
    return places->out >> place & 1;
}

void places_note_failure(struct places *places, bool may_pass)
{
    if (!may_pass)
        places->out |= UINT32_C(1) << places->now;
}

/* From a place on; false: none is in. */
static bool go_to_first(struct places *places, unsigned place)
{
    for (; place <= places->mirrors; place++) {
        if (is_out(places, place))
            continue;
        places->now = place;
        return true;
    }
    return false;
}

bool places_go_on(struct places *places)
{
    return go_to_first(places, places->now + 1);
}

bool places_are_left(const struct places *places)
{
    struct places tried = *places;

    return go_to_first(&tried, 0);
}

void places_begin_round(struct places *places, bool all)
{
    places->rounds++;
    if (all || !places_are_left(places))
        places->out = 0;
    go_to_first(places, 0);
}

const char *places_mirror(const struct job *job, unsigned place)
{
    const char *mirror = job->mirrors;

    while (--place > 0)
        mirror += strlen(mirror) + 1;
    return mirror;
}

unsigned places_count_mirrors(const struct job *job)
{
    unsigned count = 0;

    for (const char *mirror = job->mirrors; mirror && *mirror; mirror += strlen(mirror) + 1)
        count++;
    return count;
}
