"""Processes that compute answers to requests, each within a time limit that really stops it.

A worker reads requests from its pipe and answers them one after another. What is sent is small or its reader is
waiting for it, so that neither side ever blocks the other. A worker ends when its pipe closes, so none outlives this
process; one that is in the middle of a request ends with its alarm at the latest.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from multiprocessing import connection, get_all_start_methods, get_context
from typing import Any, NamedTuple, TypeVar

from autodiff.language.errors import AutodiffError

Item = TypeVar("Item")

AHEAD = 8  # requests that a worker may have, so that it needn't wait for the next
SMALL = 4096  # bytes that a pipe takes at once on every platform
WINDOW = 256  # items for each worker that may wait for one before them
MOST_BYTES = 1 << 24  # of requests and answers that wait
# Where there is no alarm, a watchdog thread ends the worker with this exit code.
HAS_ALARM = hasattr(signal, "setitimer")
OUT_OF_TIME = -signal.SIGALRM if HAS_ALARM else 1
# Forking is quick, and a fork has everything loaded. Apple's libraries don't survive it.
METHOD = "fork" if "fork" in get_all_start_methods() and sys.platform != "darwin" else "spawn"
CONTEXT: Any = get_context(METHOD)  # its type in typeshed has no Process


class Outcome(NamedTuple):
    """What became of a request: its `value`, or an `error` as `id: message`, or it `ran_out` of time."""

    value: Any = None
    error: str = ""
    ran_out: bool = False


class Pending:
    """An item, the request for it as bytes, and its outcome once there is one."""

    __slots__ = ("item", "outcome", "request", "size")

    def __init__(self, item: Any, request: bytes | None) -> None:
        self.item = item
        self.request = request
        self.size = len(request) if request else 0
        self.outcome: Outcome | None = None


def in_order(
    task: Callable[[Any], Any], items: Iterable[tuple[Item, Any]], jobs: int, limit: float
) -> Generator[tuple[Item, Outcome | None], None, None]:
    """Each item with the outcome of `task` for its request, in the order of the items; none for the request None.

    `jobs` workers have `limit` seconds for each request. An AutodiffError that the task raises, and the death of a
    worker, are outcomes. Only so many items are read ahead; closing the iterator ends the workers.
    """
    source = iter(items)
    window: deque[Pending] = deque()  # those that have been read and not been handed out
    unsent: deque[Pending] = deque()
    workers: list[Worker] = []
    has_more = True
    try:
        while True:
            while window and (window[0].request is None or window[0].outcome is not None):
                pending = window.popleft()
                yield pending.item, pending.outcome
            waiting = sum(pending.size for pending in window)
            while has_more and not unsent and len(window) < WINDOW * jobs and waiting < MOST_BYTES:
                pair = next(source, None)
                if pair is None:
                    has_more = False
                    break
                pending = Pending(pair[0], None if pair[1] is None else pickle.dumps(pair[1]))
                window.append(pending)
                waiting += pending.size
                if pending.request is None:
                    if len(window) == 1:
                        break  # it needn't wait
                    continue
                unsent.append(pending)
                send(unsent, workers, task, jobs, limit)
            if not window:
                if has_more:
                    continue
                return
            if window[0].request is not None and window[0].outcome is None:
                receive(workers, unsent)
                send(unsent, workers, task, jobs, limit)
    finally:
        for worker in workers:
            worker.end()


def send(unsent: deque[Pending], workers: list[Worker], task: Callable[[Any], Any], jobs: int, limit: float) -> None:
    """Gives requests to the workers that have least to do, as long as one has room."""
    while unsent:
        worker = min(workers, key=Worker.load, default=None)
        if len(workers) < jobs and (worker is None or worker.asked):
            worker = Worker(task, limit, [other.pipe for other in workers])
            workers.append(worker)
        if worker is None or not worker.has_room(unsent[0]):
            return
        if worker.ask(unsent[0]):
            unsent.popleft()


def receive(workers: list[Worker], unsent: deque[Pending]) -> None:
    """Waits for answers. A worker that died is taken away, and what it had not begun is to be sent again."""
    by_pipe = {worker.pipe: worker for worker in workers}
    for pipe in connection.wait(list(by_pipe)):
        worker = by_pipe[pipe]  # type: ignore[index]  # of what it was given it gives some back
        try:
            answer = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            workers.remove(worker)
            unsent.extendleft(reversed(worker.bury()))
        else:
            pending = worker.asked.popleft()
            pending.outcome = pickle.loads(answer)
            pending.size = len(answer)


class Worker:
    """A process, the pipe to it, and the requests that it has not answered, the first of them begun."""

    def __init__(self, task: Callable[[Any], Any], limit: float, others: Sequence[connection.Connection]) -> None:
        self.pipe, theirs = connection.Pipe()
        self.asked: deque[Pending] = deque()
        self.is_dead = False
        # A fork has the pipes to the other workers open, too: they would not close with this process.
        inherited = [*others, self.pipe] if METHOD == "fork" else []
        self.process = CONTEXT.Process(target=work, args=(theirs, task, limit, inherited), daemon=True)
        self.process.start()
        theirs.close()

    def load(self) -> int:
        return len(self.asked)

    def has_room(self, pending: Pending) -> bool:
        """Whether the request can be sent without waiting for the worker to read it."""
        if not self.asked:
            return not self.is_dead
        is_small = sum(other.size for other in self.asked) + pending.size <= SMALL
        return is_small and len(self.asked) < AHEAD and not self.is_dead

    def ask(self, pending: Pending) -> bool:
        """Sends the request; False if the worker has died."""
        try:
            self.pipe.send_bytes(pending.request or b"")
        except OSError:
            self.is_dead = True
        else:
            self.asked.append(pending)
        return not self.is_dead

    def bury(self) -> Sequence[Pending]:
        """Gives the request that a dead worker was at its outcome; the requests behind that."""
        self.pipe.close()
        self.process.join()
        if not self.asked:
            return ()
        code = self.process.exitcode or 0
        if code == OUT_OF_TIME:
            self.asked.popleft().outcome = Outcome(ran_out=True)
        else:
            why = f"by signal {-code}" if code < 0 else f"with code {code}"
            error = AutodiffError("internal-error", f"the process that computed this ended {why}")
            self.asked.popleft().outcome = failed(error)
        return tuple(self.asked)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def failed(error: AutodiffError) -> Outcome:
    return Outcome(error=f"{error.id}: {error.message}")


def work(
    pipe: connection.Connection,
    task: Callable[[Any], Any],
    limit: float,
    inherited: Sequence[connection.Connection],
) -> None:
    """What a worker does: answers requests until the pipe closes."""
    for other in inherited:
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that reads the answers: it ends this one
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if HAS_ALARM:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # which ends the process even within one long multiplication
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):  # else whoever reads our output would have to wait for the workers, too
        os.dup2(nowhere, standard)
    gc.freeze()
    gc.enable()
    try:
        while True:
            request = pickle.loads(pipe.recv_bytes())
            start_clock(limit, nowhere)
            answer = answered(task, request)
            stop_clock()
            pipe.send_bytes(answer)
    except (EOFError, OSError):  # nobody is there any more
        os._exit(0)  # at once: what this process inherited is not its own to clean up


def answered(task: Callable[[Any], Any], request: Any) -> bytes:
    """The outcome as bytes; of whatever goes wrong, that it did."""
    try:
        return pickle.dumps(Outcome(task(request)))
    except AutodiffError as error:
        fault = error
    except MemoryError:
        fault = AutodiffError("internal-error", "there is not enough memory for this")
    except Exception as error:  # a fault of ours, which the other rows shall not suffer from
        fault = AutodiffError("internal-error", f"{type(error).__name__}: {error}")
    return pickle.dumps(failed(fault))


def start_clock(limit: float, nowhere: int) -> None:
    """From now on, the process ends after `limit` seconds, whatever it is doing."""
    if HAS_ALARM:
        signal.setitimer(signal.ITIMER_REAL, limit)
    else:
        faulthandler.dump_traceback_later(limit, file=nowhere, exit=True)


def stop_clock() -> None:
    if HAS_ALARM:
        signal.setitimer(signal.ITIMER_REAL, 0)
    else:
        faulthandler.cancel_dump_traceback_later()
