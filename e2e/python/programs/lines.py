"""Talks with the test that started this program: commands come in, answers and reports go out, one
JSON object a line. Bytes travel as {"$bytes": base64}. Knows nothing of Socket.IO."""

import asyncio
import base64
import json
import sys

# A line may hold a message of several megabytes.
LONGEST_LINE = 64 * 1024 * 1024


def report(to, name, *args):
    """Tells the test what has happened; `to` names the inbox that it goes to."""
    _write({"to": to, "name": name, "args": args})


def run(commands):
    """Carries out commands, by name, until standard input ends."""
    asyncio.run(_serve(commands))


async def _serve(commands):
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    running = set()
    while line := await reader.readline():
        command = json.loads(line, object_hook=_revive)
        task = asyncio.create_task(_carry_out(commands[command["do"]], command))
        running.add(task)
        task.add_done_callback(running.discard)


async def _carry_out(function, command):
    try:
        value = await function(**command["with"])
        _write({"answer": command["id"], "value": value})
    except Exception as error:
        _write({"answer": command["id"], "error": f"{type(error).__name__}: {error}"})


def _write(message):
    sys.stdout.write(json.dumps(_wrap(message)) + "\n")
    sys.stdout.flush()


def _wrap(value):
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, (list, tuple)):
        return [_wrap(item) for item in value]
    if isinstance(value, dict):
        return {key: _wrap(item) for key, item in value.items()}
    return value


def _revive(value):
    return base64.b64decode(value["$bytes"]) if value.keys() == {"$bytes"} else value
