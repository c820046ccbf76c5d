import asyncio


async def square(n):
    await asyncio.sleep(0.01)
    return n * n


async def main():
    async with asyncio.TaskGroup() as group:
        task = group.create_task(square(7))
        print(await task)


asyncio.run(main())
