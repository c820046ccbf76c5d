"""Usage: aiohttp_client.py LIST JOBS.  Fetches each URL of LIST by aiohttp on uvloop, JOBS at a time, and drops the
bodies.  Prints how many came with status 200, and their bytes."""

import asyncio
import sys

import aiohttp
import uvloop


async def fetch_from(urls, session, totals):
    for url in urls:
        async with session.get(url) as response:
            body = await response.read()
            totals[0] += response.status == 200
            totals[1] += len(body)


async def main(path, jobs):
    totals = [0, 0]
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=600)
    timeout = aiohttp.ClientTimeout(total=None)
    with open(path, encoding="utf-8") as lines:
        urls = (line.rstrip("\n") for line in lines)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            await asyncio.gather(*(fetch_from(urls, session, totals) for _ in range(jobs)))
    print(*totals)


uvloop.install()
asyncio.run(main(sys.argv[1], int(sys.argv[2])))
