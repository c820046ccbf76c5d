# co-gdb.py - for gdb: the tasks of libhaul-co, as threads would be.
#
#     (gdb) source co-gdb.py
#     (gdb) co-tasks            every task: name, state, what it waits for and its stack
#     (gdb) co-tasks NAME       those of that name
#
# Works on running processes and on core files.  Needs the library's debug information.
import gdb
import gdb.types
import gdb.unwinder

# What a parked stack keeps in its struct switch_point, by the names of the registers.
SAVED = {
    'i386:x86-64': {'rip': 'resume', 'rsp': 'rsp', 'rbp': 'rbp', 'rbx': 'rbx'},
    'aarch64': {'pc': 'resume', 'sp': 'sp', 'x29': 'x29', 'x19': 'x19'},
}


class FrameId:
    def __init__(self, sp, pc):
        self.sp = sp
        self.pc = pc


class ParkedUnwinder(gdb.unwinder.Unwinder):
    """While a task is set, the selected thread's innermost frame was called from where that task is parked."""

    def __init__(self):
        super().__init__('co-parked')
        self.point = None
        self.innermost = None

    def __call__(self, pending):
        if self.point is None:
            return None
        if int(pending.read_register('sp')) != self.innermost:
            return None
        saved = SAVED[pending.architecture().name()]
        parked_sp = self.point[saved.get('sp') or saved.get('rsp')]
        unwound = pending.create_unwind_info(FrameId(parked_sp, pending.read_register('pc')))
        for register, member in saved.items():
            unwound.add_saved_register(register, self.point[member])
        return unwound


unwinder = ParkedUnwinder()
gdb.unwinder.register_unwinder(None, unwinder, replace=True)


def backtrace():
    return gdb.execute('backtrace', to_string=True).splitlines()


def parked_backtrace(task):
    """Without the frame #0 that the parked one seems to have called."""
    architecture = gdb.selected_inferior().architecture().name()
    if architecture not in SAVED or not gdb.types.has_field(task['parked'].type, 'resume'):
        return ['(no stacks of this processor or kind of switch)']
    if int(task['parked']['resume']) == int(gdb.parse_and_eval('(unsigned long)&task_main')):
        return ['(has not begun)']
    unwinder.innermost = int(gdb.newest_frame().read_register('sp'))
    unwinder.point = task['parked']
    gdb.invalidate_cached_frames()
    try:
        return backtrace()[1:]
    finally:
        unwinder.point = None
        gdb.invalidate_cached_frames()


def running_backtrace(runtime, task):
    """The task runs on the thread whose stack pointer lies in its stack."""
    selected = gdb.selected_thread()
    try:
        for thread in gdb.selected_inferior().threads():
            thread.switch()
            sp = int(gdb.newest_frame().read_register('sp'))
            if int(task['stack']['bottom']) <= sp < int(task.address):
                return backtrace()
    finally:
        selected.switch()
    return ['(its thread is elsewhere)']


def members(head, member):
    """The structs of type struct co_scope linked by `member` in a list."""
    scope = gdb.lookup_type('struct co_scope')
    offset = next(field.bitpos // 8 for field in scope.fields() if field.name == member)
    link = head['next']
    while link != head.address:
        yield (link.cast(gdb.lookup_type('char').pointer()) - offset).cast(scope.pointer()).dereference()
        link = link['next']


def tasks(runtime):
    """Each before those in its groups, which may nest by the thousand."""
    first = runtime['first_task']
    if int(first) == 0 or first['ended']:
        return
    scopes = [first['base']]
    while scopes:
        scope = scopes.pop()
        if scope.address == scope['task']['base'].address:
            yield scope['task'].dereference()
        scopes.extend(reversed(list(members(scope['children'], 'link'))))


def runtimes():
    runtime = gdb.parse_and_eval('co_runtimes')
    while int(runtime) != 0:
        yield runtime.dereference()
        runtime = runtime['overflow_watch']['next']


def name_of(task):
    name = task['name'].string(errors='replace')
    return name or str(task['function']).split('<')[-1].rstrip('>')


def state_of(runtime, task):
    if runtime['running'] == task.address:
        return 'running'
    if int(task['waiter']) == 0:
        return 'ready'
    return 'waits for ' + task['waiter']['what'].string(errors='replace')


class CoTasks(gdb.Command):
    """Every task with its state and its stack: co-tasks [NAME]"""

    def __init__(self):
        super().__init__('co-tasks', gdb.COMMAND_STACK)

    def invoke(self, wanted, from_tty):
        for runtime in runtimes():
            for task in tasks(runtime):
                if wanted and wanted != name_of(task):
                    continue
                cancelled = ', cancelled' if task['scope']['effective'] else ''
                print(f"task '{name_of(task)}' {state_of(runtime, task)}{cancelled}")
                runs = runtime['running'] == task.address
                for line in running_backtrace(runtime, task) if runs else parked_backtrace(task):
                    print('    ' + line)


CoTasks()
