import asyncio


async def produce(queue):
    for word in ("to", "be", "or"):
        await queue.put(word)
    await queue.put(None)


async def main():
    queue = asyncio.Queue(2)
    async with asyncio.TaskGroup() as group:
        group.create_task(produce(queue))
        while (word := await queue.get()):
            print(word)


asyncio.run(main())
