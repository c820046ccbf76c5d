import asyncio


async def count_down(n):
    while n > 0:
        await asyncio.sleep(0.001)
        yield n
        n -= 1


async def main():
    async for n in count_down(3):
        print(n)


asyncio.run(main())
