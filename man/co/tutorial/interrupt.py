import asyncio
import os
import signal


async def work():
    try:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(3600)
    finally:
        print("tidied up")


try:
    asyncio.run(work())
except KeyboardInterrupt:
    print("interrupted")
