import asyncio

import socketio

sio = socketio.AsyncClient()
last = 0

@sio.on("news")
async def on_news(news, *offset):
    global last
    if news["id"] <= last:
        return  # a second time
    last = news["id"]
    print(news["id"], flush=True)

async def main():
    await sio.connect("http://localhost:3000", auth={"device": "5b2e9c"})
    await asyncio.Event().wait()  # sio.wait() returns when a reconnection takes less than a second

asyncio.run(main())
