#include <haul/base/library.h>

#include <criterion/criterion.h>
#include <string.h>

#define MATHEMATICS "libm.so.6"

static double (*cosine)(double), (*nonsense)(double);

Test(library, gives_the_functions_that_are_asked_for)
{
    static const struct library_function functions[] = {{"cos", (void **)&cosine}, {NULL, NULL}};

    cr_assert_null(library_open(MATHEMATICS, functions));
    cr_expect_float_eq(cosine(0), 1, 0);
}

Test(library, gives_none_where_one_is_missing_and_names_it)
{
    static const struct library_function functions[] = {
        {"cos", (void **)&cosine}, {"nonsense", (void **)&nonsense}, {NULL, NULL}};

    cr_assert_not_null(strstr(library_open(MATHEMATICS, functions), "nonsense"));
    cr_expect_null(cosine);
}

Test(library, that_is_not_there_is_named)
{
    static const struct library_function functions[] = {{NULL, NULL}};

    cr_assert_not_null(strstr(library_open("libnonsense.so.7", functions), "libnonsense.so.7"));
}
