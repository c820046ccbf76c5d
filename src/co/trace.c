#include "trace.h"
#include "scheduler.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unwind.h>

#define ROOM_TO_LOOK 8192

struct look {
    struct trace *trace;
    const char *outermost; /* frames below it are the looker's own */
};

static _Unwind_Reason_Code note_frame(struct _Unwind_Context *context, void *argument)
{
    struct look *look = argument;
    struct trace *trace = look->trace;
    int before_instruction = 0;
    uintptr_t address = _Unwind_GetIPInfo(context, &before_instruction);

    if (address == 0 || trace->count == TRACE_FRAMES_MAXIMUM)
        return _URC_END_OF_STACK;
    if ((const char *)_Unwind_GetCFA(context) >= look->outermost)
        trace->calls[trace->count++] = (void *)(address - !before_instruction);
    return _URC_NO_REASON;
}

static void take(void *look)
{
    _Unwind_Backtrace(note_frame, look);
}

void trace_callers(struct trace *trace, const void *frame)
{
    trace->count = 0;
    take(&(struct look){trace, (const char *)frame + 1});
}

bool trace_task(struct trace *trace, struct co_task *task)
{
    const char *parked_at = switch_parked_at(&task->parked);

    trace->count = 0;
    if (parked_at - task->stack.bottom < ROOM_TO_LOOK)
        return false;
    switch_visit(&task->parked, take, &(struct look){trace, parked_at});
    return true;
}

void trace_print(const struct trace *trace, int fd, int indentation)
{
    for (size_t i = 0; i < trace->count; i++) {
        struct place place;

        place_find(trace->calls[i], &place);
        dprintf(fd, "%*s%s\n", indentation, "", place.text);
    }
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

void place_find(const void *address, struct place *ret_place)
{
    Dl_info info;
    uintptr_t number = (uintptr_t)address;
    char *text = ret_place->text;

    if (dladdr(address, &info) == 0 || !info.dli_fname) {
        snprintf(text, sizeof ret_place->text, "%p", address);
        return;
    }
    number -= (uintptr_t)info.dli_fbase;
    if (info.dli_sname)
        snprintf(text, sizeof ret_place->text, "%s (%s+%#zx)", info.dli_sname, base_name(info.dli_fname), number);
    else
        snprintf(text, sizeof ret_place->text, "%s+%#zx", base_name(info.dli_fname), number);
}
