"""The work of co.c by asyncio on uvloop, under the same names: one line per row, the minimum of its rounds."""

import asyncio
import sys
import time

import uvloop

ROUNDS = 15


async def yield_often(times):
    for _ in range(times):
        await asyncio.sleep(0)


async def yield_among(tasks):
    times = 20000 // tasks
    start = time.perf_counter()
    await asyncio.gather(*(yield_often(times) for _ in range(tasks)))
    return (time.perf_counter() - start) / (times * tasks) * 1e9


async def yield_2():
    return await yield_among(2)


async def yield_1000():
    return await yield_among(1000)


async def do_nothing():
    pass


async def spawn_and_join():
    times = 5000
    start = time.perf_counter()
    for _ in range(times):
        await asyncio.create_task(do_nothing())
    return (time.perf_counter() - start) / times * 1e9


async def spawn_10000():
    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(10000):
            group.create_task(do_nothing())
    return (time.perf_counter() - start) / 10000 * 1e9


async def semaphore_free():
    times = 20000
    semaphore = asyncio.Semaphore(1)
    start = time.perf_counter()
    for _ in range(times):
        await semaphore.acquire()
        semaphore.release()
    return (time.perf_counter() - start) / times * 1e9


async def take_turns(semaphore, times):
    for _ in range(times):
        await semaphore.acquire()
        semaphore.release()


async def semaphore_handed_over():
    times = 5000
    semaphore = asyncio.Semaphore(0)
    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        group.create_task(take_turns(semaphore, times))
        group.create_task(take_turns(semaphore, times))
        await asyncio.sleep(0)
        semaphore.release()
    return (time.perf_counter() - start) / (2 * times) * 1e9


async def put_items(queue, items):
    for item in range(items):
        await queue.put(item)


async def pass_items(capacity):
    items = 10000
    queue = asyncio.Queue(capacity)
    start = time.perf_counter()
    putter = asyncio.create_task(put_items(queue, items))
    for _ in range(items):
        await queue.get()
    await putter
    return (time.perf_counter() - start) / items * 1e9


async def queue_1():
    return await pass_items(1)


async def queue_64():
    return await pass_items(64)


async def sleep_10000():
    start = time.perf_counter()
    await asyncio.gather(*(asyncio.sleep(0.001) for _ in range(10000)))
    return (time.perf_counter() - start) / 10000 * 1e6


async def yield_until(stop):
    while not stop.is_set():
        await asyncio.sleep(0)


async def lateness():
    stop = asyncio.Event()
    hog = asyncio.create_task(yield_until(stop))
    start = time.perf_counter()
    await asyncio.sleep(0.01)
    late = time.perf_counter() - start - 0.01
    stop.set()
    await hog
    return late * 1e3


def resident_bytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS:"))


async def resident():
    parked = 100000
    event = asyncio.Event()
    before = resident_bytes()
    tasks = [asyncio.create_task(event.wait()) for _ in range(parked)]
    await asyncio.sleep(0)
    after = resident_bytes()
    event.set()
    await asyncio.gather(*tasks)
    return (after - before) / parked


ROWS = [
    ("yield, 2 tasks", yield_2, ROUNDS),
    ("yield, 1,000 tasks", yield_1000, ROUNDS),
    ("spawn + join, warm", spawn_and_join, ROUNDS),
    ("10,000 spawned, then joined, each", spawn_10000, ROUNDS),
    ("semaphore, free", semaphore_free, ROUNDS),
    ("semaphore, handed over", semaphore_handed_over, ROUNDS),
    ("queue item, capacity 1", queue_1, ROUNDS),
    ("queue item, capacity 64", queue_64, ROUNDS),
    ("10,000 tasks sleeping 1 ms, each", sleep_10000, ROUNDS),
    ("10 ms timer under a hog, late by", lateness, ROUNDS),
    ("resident per parked task", resident, 1),
]


async def measure(function, rounds):
    return min([await function() for _ in range(rounds)])


if __name__ == "__main__":
    for name, function, rounds in ROWS:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            print(f"{name:<36}  {runner.run(measure(function, rounds)):>10.2f}")
            sys.stdout.flush()
