import asyncio


def settle(future):
    future.set_result("done")


async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    loop.call_later(0.01, settle, future)
    print(await future)


asyncio.run(main())
