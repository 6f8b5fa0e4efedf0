"""The entry point of the command `autodiff`."""

from __future__ import annotations

import gc
import os
import signal

INTERRUPTED = 130


def main() -> None:
    gc.disable()  # a short process, and nothing that it makes refers to itself
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    from autodiff.cli.app import run  # now, so that both hold while it is loaded

    run()


if __name__ == "__main__":
    main()
