/* race.c - two mirrors are asked, the first answer wins, the other one cleans up; all within a deadline. */
#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/scope.h>
#include <errno.h>
#include <stdio.h>

struct mirror {
    const char *name;
    int64_t speed;
    struct co_group *race;
    const char **winner;
};

static int ask(struct co_task *self, void *argument)
{
    struct mirror *mirror = argument;
    int result = co_sleep(self, mirror->speed);

    if (result < 0) {
        printf("%s puts its things away\n", mirror->name);
        return result;
    }
    *mirror->winner = mirror->name;
    co_group_cancel(mirror->race);
    return 0;
}

static int race(struct co_task *self, void *argument)
{
    int64_t fastest = *(int64_t *)argument;
    const char *winner = NULL;
    struct co_group group;
    struct mirror mirrors[] = {{"Rome", fastest, &group, &winner}, {"Oslo", CO_SECONDS(60), &group, &winner}};
    struct co_scope scope;
    int result = 0;

    co_scope_begin(self, &scope, co_after(CO_SECONDS(1)));
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 2 && result == 0; i++)
        result = co_spawn(self, &group, ask, &mirrors[i]);
    result = co_scope_end(self, &scope, co_group_close(self, &group, result));
    puts(result == -ETIMEDOUT ? "nobody was in time" : winner);
    return result == -ETIMEDOUT ? 0 : result;
}

int main(void)
{
    int64_t quick = CO_MILLISECONDS(1), slow = CO_SECONDS(30);

    return co_run(race, &quick, NULL) < 0 || co_run(race, &slow, NULL) < 0;
}
/* It prints:
 *     Oslo puts its things away
 *     Rome
 *     Rome puts its things away
 *     Oslo puts its things away
 *     nobody was in time
 */
