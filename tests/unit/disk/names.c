#include "../../../src/disk/names.h"

#include <criterion/criterion.h>
#include <string.h>

Test(names, hold_nothing_at_first)
{
    struct names names = {.slots = NULL};

    cr_assert_not(names_has(&names, names_hash("a", 1)));
    names_remove(&names, names_hash("a", 1));
    names_release(&names);
}

Test(names, are_taken_once)
{
    struct names names = {.slots = NULL};

    cr_assert(names_add(&names, names_hash("a", 1)));
    cr_assert_not(names_add(&names, names_hash("a", 1)));
    cr_assert(names_add(&names, names_hash("b", 1)));
    names_remove(&names, names_hash("a", 1));
    cr_assert(names_add(&names, names_hash("a", 1)));
    cr_assert_eq(names.count, 2);
    names_release(&names);
}

/* Hashes that want the same few slots, at the end of the table too, where searches wrap around. */
Test(names, are_what_was_added_and_not_removed)
{
    struct names names = {.slots = NULL};
    bool model[1000] = {false};
    size_t count = 0;

    srandom(1);
    for (int i = 0; i < 50000; i++) {
        uint64_t hash = (uint64_t)(random() % 1000);
        uint64_t spread = (hash << 20) | (hash % 7 ? UINT64_C(0xffffd) + hash % 3 : hash + 1);

        if (random() % 2) {
            cr_assert_eq(names_add(&names, spread), !model[hash]);
            count += !model[hash];
            model[hash] = true;
        } else {
            names_remove(&names, spread);
            count -= model[hash];
            model[hash] = false;
        }
        cr_assert_eq(names.count, count);
        cr_assert_eq(names_has(&names, spread), model[hash]);
    }
    names_release(&names);
}

Test(names, differ_in_their_hashes)
{
    cr_assert_neq(names_hash("a", 1), names_hash("b", 1));
    cr_assert_neq(names_hash("a", 1), names_hash("a/", 2));
    cr_assert_eq(names_hash("a/b", 1), names_hash("a", 1));
    cr_assert_neq(names_hash("", 0), 0);
}
