"""The gdb script on a stopped program: run.py GDB SCRIPT PROGRAM.  Exits with 77 where gdb cannot run programs."""
import os
import re
import subprocess
import sys

gdb, script, program = sys.argv[1:]
environment = dict(os.environ, ASAN_OPTIONS='detect_leaks=0', DEBUGINFOD_URLS='')
commands = ['source ' + script, 'break stop_here', 'run', 'co-tasks', 'co-tasks child', 'continue']
arguments = [argument for command in commands for argument in ('-ex', command)]
done = subprocess.run([gdb, '--nx', '--batch', *arguments, program], env=environment, stdin=subprocess.DEVNULL,
                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=240)
print(done.stdout)
if re.search('ptrace: |Could not trace|Operation not permitted', done.stdout):
    sys.exit(77)

text = done.stdout.partition('\ntask ')[2]
sections = {}
for section in ('task ' + text).split('\ntask '):
    head, *frames = section.removeprefix('task ').splitlines()
    sections.setdefault(head, '\n'.join(frames))

WANTED = {
    "'main' waits for tasks of a group to end": ['co_park', 'co_group_close', 'run', 'task_main'],
    "'child' waits for tasks of a group to end": ['co_park', 'co_group_close', 'opens_a_group', 'task_main'],
    "'grandchild' waits for an event": ['co_park', 'co_event_wait', 'waits_below', 'waits', 'task_main'],
    "'waits' waits for an event": ['co_park', 'co_event_wait', 'waits_below', 'waits', 'task_main'],
    "'stopper' running": ['stop_here', 'stops', 'task_main'],
    "'newcomer' ready": [],
}
failures = 0
if sections.get("'newcomer' ready") != '    (has not begun)':
    failures += 1
    print("'newcomer' has not begun, and should be said not to have")
for head, functions in WANTED.items():
    frames = re.findall(r'^    #\d+ +(?:0x[0-9a-f]+ in )?(\w+)', sections.get(head, ''), re.MULTILINE)
    if [frame for frame in frames if frame in functions] != functions:
        failures += 1
        print(f'task {head}: {frames}, not {functions}')
if text.count("task 'child'") != 2:
    failures += 1
    print("'co-tasks child' does not print that task alone")
if 'exited normally' not in done.stdout:
    failures += 1
    print('the program did not go on as if nothing had happened')
sys.exit(1 if failures else 0)
