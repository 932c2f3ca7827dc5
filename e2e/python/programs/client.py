"""Clients of python-socketio in the hands of a test. Each has a name; what a namespace of it hears is
reported to the inbox "<name> <namespace>". The event "ask" is acknowledged with its own arguments."""

import asyncio

import socketio
from lines import report, run

clients = {}


def make(name, namespaces, options):
    client = socketio.AsyncClient(handle_sigint=False, **options)
    for namespace in namespaces:
        listen(client, f"{name} {namespace}", namespace)
    clients[name] = client
    return client


def listen(client, inbox, namespace):
    def heard(event, *args):
        report(inbox, event, *args)
        return args if event == "ask" else None

    client.on("connect", lambda: report(inbox, "connect"), namespace=namespace)
    client.on("disconnect", lambda: report(inbox, "disconnect"), namespace=namespace)
    client.on("connect_error", lambda *args: report(inbox, "connect_error", *args), namespace=namespace)
    client.on("*", heard, namespace=namespace)


async def connect(name, url, namespaces, options, connecting):
    """Makes a client and connects it; without transports it polls, and then tries a WebSocket."""
    client = make(name, namespaces, options)
    await client.connect(url, namespaces=namespaces, **connecting)


async def emit(name, namespace, event, args):
    await clients[name].emit(event, tuple(args), namespace=namespace)


async def call(name, namespace, event, args):
    """Emits and waits for the acknowledgement; returns all its arguments."""
    answer = asyncio.get_running_loop().create_future()
    await clients[name].emit(
        event, tuple(args), namespace=namespace, callback=lambda *values: answer.set_result(values)
    )
    return await answer


async def describe(name, namespace):
    client = clients[name]
    return {
        "connected": client.connected,
        "transport": client.transport(),
        "id": client.get_sid(namespace),
    }


async def disconnect(name):
    client = clients[name]
    # One that is about to reconnect tries once more and then stays away.
    client.reconnection_attempts = 1
    await client.disconnect()


run({f.__name__: f for f in (connect, emit, call, describe, disconnect)})
