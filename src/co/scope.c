#include "debug.h"

void scope_attach(struct co_scope *scope, struct co_task *task, struct co_scope *parent, bool shielded)
{
    scope->task = task;
    scope->parent = parent;
    list_init(&scope->children);
    scope->link.next = NULL;
    scope->effective = parent && parent->effective && !shielded;
    scope->cancelled = scope->by_deadline = scope->timed = false;
    scope->shielded = shielded;
    if (parent)
        list_append(&parent->children, &scope->link);
}

void scope_detach(struct co_scope *scope)
{
    if (scope->timed)
        co_timer_stop(scope->task->runtime, &scope->timer);
    list_remove(&scope->link);
}

void scope_abort_wait(struct co_task *task)
{
    struct co_waiter *waiter = task->waiter;

    if (!waiter->on_cancel || task->abort_asked)
        return;
    task->abort_asked = true;
    if (waiter->on_cancel(waiter) == CO_ABORT_NOW)
        co_wake(waiter, -ECANCELED);
}

/* False: what is inside has been reached already, or is not to be. */
static bool reach(struct co_scope *scope)
{
    if (scope->effective)
        return false;
    scope->effective = true;
    if (scope->task->scope == scope && scope->task->waiter)
        scope_abort_wait(scope->task);
    return true;
}

static void spread_cancel(struct co_scope *root)
{
    struct co_scope *scope = root;
    bool inside;

    do {
        inside = (scope == root || !scope->shielded) && reach(scope);
    } while ((scope = scope_after(scope, root, inside)));
}

bool scope_cancel_shields_too(struct co_scope *root)
{
    bool reached = false;

    for (struct co_scope *scope = root; scope; scope = scope_after(scope, root, true))
        reached |= reach(scope);
    return reached;
}

void co_scope_cancel(struct co_scope *scope)
{
    scope->cancelled = true;
    spread_cancel(scope);
}

static void on_deadline(struct co_timer *timer)
{
    struct co_scope *scope = LIST_MEMBER(timer, struct co_scope, timer);

    if (scope->cancelled)
        return;
    scope->by_deadline = true;
    co_scope_cancel(scope);
}

void co_scope_set_deadline(struct co_scope *scope, int64_t deadline)
{
    struct co_runtime *runtime = scope->task->runtime;

    if (!scope->timed)
        scope->timer = (struct co_timer){.on_expire = on_deadline};
    scope->timed = true;
    if (deadline == CO_FOREVER)
        co_timer_stop(runtime, &scope->timer);
    else if (deadline <= co_now())
        on_deadline(&scope->timer);
    else
        co_timer_start(runtime, &scope->timer, deadline);
}

static void begin(struct co_task *self, struct co_scope *scope, int64_t deadline, bool shielded)
{
    check_running(self);
    scope_attach(scope, self, self->scope, shielded);
    self->scope = scope;
    if (deadline == CO_FOREVER)
        return;
    if (UNLIKELY(self->runtime->debug))
        debug_check_moment(self, deadline);
    co_scope_set_deadline(scope, deadline);
}

void co_scope_begin(struct co_task *self, struct co_scope *scope, int64_t deadline)
{
    begin(self, scope, deadline, false);
}

void co_scope_begin_shielded(struct co_task *self, struct co_scope *scope, int64_t deadline)
{
    begin(self, scope, deadline, true);
}

int co_scope_end(struct co_task *self, struct co_scope *scope, int result)
{
    if (UNLIKELY(self->scope != scope || !list_is_empty(&scope->children)))
        misuse_scope_end(self, scope);
    scope_detach(scope);
    self->scope = scope->parent;
    if (result != -ECANCELED || !scope->cancelled || scope->parent->effective)
        return result;
    return scope->by_deadline ? -ETIMEDOUT : 0;
}

bool co_scope_expired(const struct co_scope *scope)
{
    return scope->by_deadline;
}

int co_timeout(struct co_task *self, int64_t nanoseconds, co_function *function, void *argument)
{
    struct co_scope scope;

    co_scope_begin(self, &scope, co_after(nanoseconds));
    return co_scope_end(self, &scope, function(self, argument));
}

int co_shield(struct co_task *self, int64_t nanoseconds, co_function *function, void *argument)
{
    struct co_scope scope;

    co_scope_begin_shielded(self, &scope, co_after(nanoseconds));
    return co_scope_end(self, &scope, function(self, argument));
}
