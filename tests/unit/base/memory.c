#include <haul/base/memory.h>

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

Test(memory, is_zeroed_when_allocated)
{
    char *memory = memory_allocate(1000);

    for (int i = 0; i < 1000; i++)
        cr_assert_eq(memory[i], 0);
    free(memory);
    free(memory_allocate(0));
}

Test(memory, keeps_its_content_when_resized)
{
    char *memory = memory_copy_string("haul");

    memory = memory_resize(memory, 100000);
    cr_assert_str_eq(memory, "haul");
    free(memory);
    free(memory_resize(NULL, 10));
}

Test(memory, may_be_of_no_bytes_for_libraries)
{
    char *memory = memory_malloc(0);

    cr_assert_not_null(memory);
    memory = memory_realloc(memory, 0);
    cr_assert_not_null(memory);
    free(memory);
    memory = memory_calloc(0, 8);
    cr_assert_not_null(memory);
    free(memory);
}

Test(memory, that_cannot_be_counted_is_not_there, .exit_code = 5)
{
    volatile size_t many = SIZE_MAX / 2;

    memory_calloc(many, 3);
}

Test(memory, ends_the_process_with_status_5_when_exhausted, .exit_code = 5)
{
    memory_exhausted(123);
}

Test(memory, says_in_one_line_that_it_is_exhausted)
{
    char line[100] = {0};
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    if (fork() == 0) {
        dup2(ends[1], STDERR_FILENO);
        memory_exhausted(123);
    }
    close(ends[1]);
    cr_assert_gt(read(ends[0], line, sizeof(line) - 1), 0);
    cr_assert_str_eq(line, "haul: out of memory (123 bytes)\n");
    wait(NULL);
    close(ends[0]);
}
