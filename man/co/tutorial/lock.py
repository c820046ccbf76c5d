import asyncio

total = 0


async def add(lock):
    global total
    async with lock:
        old = total
        await asyncio.sleep(0)
        total = old + 1


async def main():
    lock = asyncio.Lock()
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(add(lock))
    print(total)


asyncio.run(main())
