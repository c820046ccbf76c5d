/* names.h - a set of names, remembered by a 64-bit hash: two names that collide are taken for one, which costs a look
 * at the disk or a number behind a name, never a file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Starts as all zero. */
struct names {
    uint64_t *slots; /* 0: empty */
    size_t capacity, count;
};

uint64_t names_hash(const char *name, size_t length); /* never 0 */
bool names_add(struct names *names, uint64_t hash);   /* false: it was there */
bool names_has(const struct names *names, uint64_t hash);
void names_remove(struct names *names, uint64_t hash);
void names_release(struct names *names);
