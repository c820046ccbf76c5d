import asyncio
import time


def block():
    time.sleep(0.01)
    return 7


async def main():
    print(await asyncio.to_thread(block))


asyncio.run(main())
