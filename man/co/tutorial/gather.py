import asyncio


async def ask(n):
    await asyncio.sleep(0.01 / n)
    if n == 2:
        raise OSError("no route")
    return n * n


async def main():
    results = await asyncio.gather(
        ask(1), ask(2), ask(3),
        return_exceptions=True)
    for n, result in enumerate(results):
        if isinstance(result, OSError):
            print(n + 1, "failed")
        else:
            print(n + 1, result)


asyncio.run(main())
