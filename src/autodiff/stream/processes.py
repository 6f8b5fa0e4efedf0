"""Work on the pieces of a stream by several processes; what comes out has the order of what went in.

Not threads: most of the work on text is done by Python itself, one thread at a time. The processes are forked when a
stream turns out to be long, so that they have all that was made for the work.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple, NoReturn, TypeVar

from autodiff.language.errors import AutodiffError

Made = TypeVar("Made")

LONG = 2  # pieces that are worked on before other processes are started
PIPE = 1 << 20  # bytes that a pipe has to hold: a piece that waits for its worker
ENDING = (signal.SIGINT, signal.SIGTERM)
LENGTH = 8  # bytes of the length before a message


class Worker(NamedTuple):
    """A process, the descriptors by which pieces go to it and come back, and whether one can wait on the way there."""

    process: int
    sending: int
    receiving: int
    has_room: bool


def in_order(pieces: Iterator[Any], make: Callable[[Any], Made], processes: int) -> Iterator[Made]:
    """What `make` makes of each piece.

    A None says that the next piece may be long in coming: what came before is handed out first. Raises what `make`
    raises, and AutodiffError if a process was killed.
    """
    handed_out = 0
    for piece in pieces:
        if piece is None:
            handed_out = 0
            continue
        yield make(piece)
        handed_out += 1
        if handed_out >= LONG and processes > 1 and hasattr(os, "fork"):
            yield from shared_out(pieces, make, processes)


def shared_out(pieces: Iterator[Any], make: Callable[[Any], Made], processes: int) -> Iterator[Made]:
    workers: list[Worker] = []
    busy: deque[Worker] = deque()
    try:
        for _ in range(processes):
            try:
                workers.append(started(make, workers))
            except OSError:  # there are as many processes, or open files, as the system allows
                break
        if not workers:
            yield from (make(piece) for piece in pieces if piece is not None)
            return
        number = 0
        for piece in pieces:
            while busy and piece is None:
                yield received(busy.popleft())
            if piece is None:
                continue
            worker = workers[number % len(workers)]
            message = pickle.dumps(piece, pickle.HIGHEST_PROTOCOL)
            # A worker that is not listened to does not listen: what is sent to it has to fit in its pipe.
            most = 1 if worker.has_room and len(message) + LENGTH <= PIPE else 0
            while busy.count(worker) > most:
                yield received(busy.popleft())
            try:
                send(worker.sending, message)
            except BrokenPipeError:  # not that of the output
                raise killed() from None
            busy.append(worker)
            number += 1
        while busy:
            yield received(busy.popleft())
    finally:
        for worker in workers:
            os.close(worker.sending)
            os.close(worker.receiving)
            os.kill(worker.process, signal.SIGKILL)
            os.waitpid(worker.process, 0)


def widened(descriptor: int) -> bool:
    """Makes a pipe so large that a piece can wait in it, where the system has that."""
    try:
        import fcntl

        return fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, PIPE) >= PIPE
    except (ImportError, AttributeError, OSError):
        return False


def started(make: Callable[[Any], Any], others: list[Worker]) -> Worker:
    """A process that answers pieces with what `make` makes of them. Raises OSError where there can be no more."""
    ends: list[int] = []
    # The handlers of signals are for the first process: no other may run them before it has its own.
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        ends += os.pipe()
        ends += os.pipe()
        process = os.fork()
        if process == 0:
            work(make, blocked, ends, others)
    except OSError:
        for descriptor in ends:
            os.close(descriptor)
        raise
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    inward, sending, receiving, outward = ends
    os.close(inward)
    os.close(outward)
    widened(receiving)
    return Worker(process, sending, receiving, widened(sending))


def work(make: Callable[[Any], Any], blocked: Collection[Any], ends: Sequence[int], others: list[Worker]) -> NoReturn:
    """What the process does until it is ended."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends all others
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        inward, sending, receiving, outward = ends
        for descriptor in (sending, receiving, *(end for other in others for end in other[1:3])):
            os.close(descriptor)
        while message := read_message(inward):
            send(outward, outcome(make, message))
    finally:
        os._exit(0)


def outcome(make: Callable[[Any], Any], message: bytearray) -> bytes:
    """What is made of a piece, or the error that it raises, as it is sent back."""
    try:
        return pickle.dumps((make(pickle.loads(message)), None), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        raised = error
    try:
        return pickle.dumps((None, raised), pickle.HIGHEST_PROTOCOL)
    except Exception:
        fault = AutodiffError("internal-error", f"{type(raised).__name__}: {raised}", suggestion="please report it")
        return pickle.dumps((None, fault), pickle.HIGHEST_PROTOCOL)


def received(worker: Worker) -> Any:
    message = read_message(worker.receiving)
    if not message:
        raise killed()
    made, error = pickle.loads(message)
    if error is not None:
        raise error
    return made


def killed() -> AutodiffError:
    return AutodiffError("internal-error", "a process that worked on some rows was ended", suggestion="run it again")


def send(descriptor: int, message: bytes) -> None:
    os.write(descriptor, len(message).to_bytes(LENGTH))
    rest = memoryview(message)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def read_message(descriptor: int) -> bytearray:
    """The next message; nothing if the other side has ended."""
    length = int.from_bytes(read_bytes(descriptor, LENGTH))
    return read_bytes(descriptor, length)


def read_bytes(descriptor: int, count: int) -> bytearray:
    message = bytearray(count)
    rest = memoryview(message)
    while rest:
        read = os.readv(descriptor, [rest])
        if not read:
            return bytearray()
        rest = rest[read:]
    return message
