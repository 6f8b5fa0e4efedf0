"""Work on the pieces of a stream by several threads; what comes out has the order of what went in."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Piece = TypeVar("Piece")
Made = TypeVar("Made")


def in_order(pieces: Iterator[Piece | None], make: Callable[[Piece], Made], threads: int) -> Iterator[Made]:
    """What `make` makes of each piece. Before it waits for a piece that is long in coming, which a None announces,
    everything that came before is handed out. No more than two pieces for each thread are under way.
    """
    if threads == 1:
        yield from (make(piece) for piece in pieces if piece is not None)
        return
    under_way: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for piece in pieces:
                if piece is not None:
                    under_way.append(pool.submit(make, piece))
                while under_way and (piece is None or len(under_way) >= 2 * threads or under_way[0].done()):
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()
