#include <haul/co/group.h>
#include <haul/co/lock.h>
#include <haul/co/runtime.h>

#include <stdio.h>

struct account {
    struct co_lock lock;
    int balance;
};

static int pay_in(struct co_task *self, void *argument)
{
    struct account *account = argument;
    int balance, result = co_lock_acquire(self, &account->lock);

    if (result < 0)
        return result;
    balance = account->balance;
    result = co_yield_now(self); /* others run, and wait for the lock */
    account->balance = balance + 10;
    co_lock_release(self, &account->lock);
    return result;
}

static int open_account(struct co_task *self, void *argument)
{
    struct account account = {.balance = 0};
    struct co_group group;
    int result = 0;

    (void)argument;
    co_lock_init(&account.lock);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 5 && result == 0; i++)
        result = co_spawn(self, &group, pay_in, &account);
    result = co_group_close(self, &group, result);
    printf("%d\n", account.balance);
    return result;
}

int main(void)
{
    return co_run(open_account, NULL, NULL) < 0;
}

/* It prints:
 *     50
 */
