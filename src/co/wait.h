/* wait.h - for the end of a task: somebody waits for several. */
#pragma once

struct co_task;
struct watch;

void watch_task_ended(struct watch *watch, const struct co_task *task);
