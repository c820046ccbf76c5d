import asyncio


async def main():
    await asyncio.sleep(0.01)
    print("hello")


asyncio.run(main())
