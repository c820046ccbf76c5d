import asyncio


async def lay(table):
    if table == "red":
        raise ValueError(table)
    await asyncio.sleep(60)


async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(lay("blue"))
            group.create_task(lay("red"))
    except* ValueError as errors:
        for error in errors.exceptions:
            print("no", error, "table")


asyncio.run(main())
