#include <haul/job/result.h>

#include <criterion/criterion.h>

Test(result, knows_the_first_and_the_last_of_any_number_of_attempts)
{
    struct job job = {.index = 1};
    CLEANUP(result_release) struct result result = {0};

    result_init(&result, &job);
    for (unsigned i = 1; i <= 3 * RESULT_ATTEMPTS_MAXIMUM; i++)
        result_add_attempt(&result)->response_code = (int)i;
    cr_assert_eq(result.attempt_count, 3 * RESULT_ATTEMPTS_MAXIMUM);
    cr_assert_eq(result.attempts_known, RESULT_ATTEMPTS_MAXIMUM);
    cr_assert_eq(result.attempts[0].n, 1);
    for (unsigned i = 1; i < RESULT_ATTEMPTS_MAXIMUM; i++) {
        cr_assert_eq(result.attempts[i].n, 2 * RESULT_ATTEMPTS_MAXIMUM + i + 1);
        cr_assert_eq(result.attempts[i].response_code, (int)result.attempts[i].n);
    }
}

Test(result, has_a_name_for_every_status)
{
    cr_assert_str_eq(result_status_name(RESULT_OK), "ok");
    cr_assert_str_eq(result_status_name(RESULT_CANCELLED), "cancelled");
    for (int status = 0; status < RESULT_STATUS_COUNT; status++)
        cr_assert_not_null(result_status_name((enum result_status)status));
}

Test(result, knows_nothing_but_its_job_at_first)
{
    CLEANUP(job_close) struct job *job = job_open(&(struct job_parts){.index = 1});
    CLEANUP(result_release) struct result result = {.resumed_from = 200};

    result_init(&result, job);
    cr_assert_eq(result.job, job);
    cr_assert_eq(result.resumed_from, 0);
    cr_assert_null(result.url);
    cr_assert_eq(result.failure.class, FAILURE_NONE);
    cr_assert_null(result_add_attempt(&result)->wait_reason);
}

Test(result, keeps_all_attempts_in_order)
{
    CLEANUP(result_release) struct result result;

    result_init(&result, NULL);
    for (int code = 1; code <= 100; code++) {
        struct attempt *attempt = result_add_attempt(&result);

        cr_assert_eq(attempt->response_code, 0);
        cr_assert_eq(attempt->size_download, 0);
        attempt->response_code = code;
        attempt->size_download = 10 * code;
    }
    cr_assert_eq(result.attempt_count, 100);
    for (int i = 0; i < 100; i++) {
        cr_assert_eq(result.attempts[i].response_code, i + 1);
        cr_assert_eq(result.attempts[i].size_download, 10 * (i + 1));
    }
}

Test(result, can_be_used_again_after_release)
{
    struct result result;

    result_init(&result, NULL);
    result_add_attempt(&result);
    result_release(&result);
    cr_assert_eq(result.attempt_count, 0);
    cr_assert_null(result.attempts);
    result_init(&result, NULL);
    result_add_attempt(&result);
    result_release(&result);
}
