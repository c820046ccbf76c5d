#include <haul/base/arena.h>

#include <criterion/criterion.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

Test(arena, gives_zeroed_memory_aligned_for_any_type)
{
    CLEANUP(arena_release) struct arena arena = {0};

    for (size_t size = 0; size < 300; size++) {
        char *memory = arena_allocate(&arena, size);

        cr_assert_eq((uintptr_t)memory % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            cr_assert_eq(memory[i], 0);
        memset(memory, 'x', size);
    }
}

Test(arena, keeps_earlier_strings_when_it_grows)
{
    CLEANUP(arena_release) struct arena arena = {0};
    const char *first = arena_copy_string(&arena, "first");
    char *large = arena_allocate(&arena, 100000);

    memset(large, 'x', 100000);
    for (int i = 0; i < 1000; i++)
        cr_assert_str_eq(arena_format(&arena, "number %d", i) + strlen("number "), arena_format(&arena, "%d", i));
    cr_assert_str_eq(first, "first");
    cr_assert_eq(large[99999], 'x');
}

Test(arena, goes_on_with_a_started_block_after_something_large)
{
    CLEANUP(arena_release) struct arena arena = {0};
    char *before = arena_allocate(&arena, alignof(max_align_t));

    arena_allocate(&arena, 100000);
    cr_assert_eq((char *)arena_allocate(&arena, 1), before + alignof(max_align_t));
}

Test(arena, copies_any_bytes_and_terminates_them)
{
    CLEANUP(arena_release) struct arena arena = {0};
    const char *copy = arena_copy(&arena, (struct slice){"a\0bc", 3});

    cr_assert_arr_eq(copy, "a\0b", 4);
    cr_assert_str_eq(arena_copy(&arena, (struct slice){0}), "");
    cr_assert_null(arena_copy_string(&arena, NULL));
}

Test(arena, is_empty_and_usable_after_release)
{
    struct arena arena = {0};

    arena_allocate(&arena, 10);
    arena_release(&arena);
    cr_assert_null(arena.blocks);
    cr_assert_eq(arena.left, 0);
    cr_assert_str_eq(arena_copy_string(&arena, "again"), "again");
    arena_release(&arena);
    arena_release(&arena);
}
