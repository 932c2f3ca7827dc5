"""Servers of python-socketio on aiohttp in the hands of a test. Connections are reported to the inbox
"<server> <namespace>", everything that a socket hears to the inbox of its id. The event "ask" is
acknowledged with its own arguments."""

import asyncio

import socketio
from aiohttp import web
from lines import report, run

servers = {}


async def listen(name, port, options):
    """Starts a server on a port of the loopback address, 0 for a free one; returns the port."""
    server = socketio.AsyncServer(async_mode="aiohttp", **options)
    for namespace in ("/", "/side"):
        welcome(server, f"{name} {namespace}", namespace)
    server.on("connect", refuse, namespace="/closed")
    app = web.Application()
    server.attach(app)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port, reuse_address=True)
    await site.start()
    servers[name] = server
    return site._server.sockets[0].getsockname()[1]


def welcome(server, inbox, namespace):
    def connected(sid, environ, auth=None):
        report(inbox, "connection", sid, auth, environ.get("HTTP_X_TEST"), environ["QUERY_STRING"])

    def heard(event, sid, *args):
        report(sid, event, *args)
        return args if event == "ask" else None

    server.on("connect", connected, namespace=namespace)
    server.on("disconnect", lambda sid: report(sid, "disconnect"), namespace=namespace)
    server.on("*", heard, namespace=namespace)


def refuse(sid, environ, auth=None):
    raise socketio.exceptions.ConnectionRefusedError("not you", {"auth": auth})


async def emit(name, namespace, event, args, to=None, skip=None):
    await servers[name].emit(event, tuple(args), to=to, skip_sid=skip, namespace=namespace)


async def call(name, namespace, event, args, to):
    """Emits to one socket and waits for the acknowledgement; returns all its arguments."""
    answer = asyncio.get_running_loop().create_future()
    await servers[name].emit(
        event, tuple(args), to=to, namespace=namespace, callback=lambda *values: answer.set_result(values)
    )
    return await answer


async def enter(name, namespace, sid, room):
    servers[name].enter_room(sid, room, namespace=namespace)


async def leave(name, namespace, sid, room):
    servers[name].leave_room(sid, room, namespace=namespace)


async def close(name, namespace, room):
    await servers[name].close_room(room, namespace=namespace)


async def disconnect(name, namespace, sid):
    await servers[name].disconnect(sid, namespace=namespace)


async def transport(name, sid):
    """The transport that a socket of the main namespace is carried by."""
    server = servers[name]
    return server.transport(server.manager.eio_sid_from_sid(sid, "/"))


run({f.__name__: f for f in (listen, emit, call, enter, leave, close, disconnect, transport)})
