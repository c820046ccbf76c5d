import asyncio


async def fetch(permits, n):
    async with permits:
        await asyncio.sleep(0.001)
        print("fetched", n)


async def main():
    permits = asyncio.Semaphore(3)
    async with asyncio.TaskGroup() as group:
        for n in range(6):
            group.create_task(fetch(permits, n))


asyncio.run(main())
