"""The clock of the peers."""

import statistics
import time


def once(work):
    """Seconds of one call, and what it gave."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def passes(work, seconds):
    """Median seconds of a call, over as many as fill the time given and one at least; and what the last gave."""
    times = []
    while not times or sum(times) < seconds:
        taken, result = once(work)
        times.append(taken)
    return statistics.median(times), result
