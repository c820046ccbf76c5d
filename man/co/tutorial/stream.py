import asyncio


async def answer(reader, writer):
    line = await reader.readline()
    writer.write(b"you said " + line)
    writer.close()


async def main():
    server = await asyncio.start_server(
        answer, "127.0.0.1", 0)
    socket = server.sockets[0]
    reader, writer = (
        await asyncio.open_connection(
            *socket.getsockname()))
    writer.write(b"hello\n")
    line = await reader.readline()
    print(line.decode(), end="")
    writer.close()
    server.close()


asyncio.run(main())
