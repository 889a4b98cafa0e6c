"""How long until N processes of Python's multiprocessing, start method "spawn", are ready.

    python3 scripts/spawn/spawn.py 500

Each process only reports that it is ready, and waits. Prints nanoseconds per process, from the
start of the first one until the last one is ready.
"""

import multiprocessing
import sys
import time


def writer(ready, release):
    ready.release()
    release.wait()


if __name__ == "__main__":
    n = int(sys.argv[1])
    context = multiprocessing.get_context("spawn")
    ready, release = context.Semaphore(0), context.Event()
    begin = time.monotonic_ns()
    writers = [context.Process(target=writer, args=(ready, release)) for _ in range(n)]
    for w in writers:
        w.start()
    for _ in writers:
        ready.acquire()
    print((time.monotonic_ns() - begin) // n)
    release.set()
    for w in writers:
        w.join()
