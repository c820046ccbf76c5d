#include "tally.h"

#include <limits.h>

#define PROBES 64

/* FNV-1a. */
static uint64_t hash_of(struct slice url)
{
    uint64_t hash = 0xcbf29ce484222325;

    for (size_t i = 0; i < url.length; i++)
        hash = (hash ^ (unsigned char)url.bytes[i]) * 0x100000001b3;
    return hash | 1;
}

unsigned tally_count(struct tally *tally, struct slice url)
{
    uint64_t hash = hash_of(url);

    for (uint64_t probe = 0; probe < PROBES; probe++) {
        size_t place = (hash / TALLY_PLACES + probe) % TALLY_PLACES;

        if (tally->places[place].hash == 0)
            tally->places[place].hash = hash;
        if (tally->places[place].hash == hash)
            return tally->places[place].count++;
    }
    return UINT_MAX;
}
