"""How long it takes."""
import time


def timed(way, *arguments):
    """What a function returns, and the seconds that it took."""
    start = time.monotonic()
    answer = way(*arguments)
    return answer, time.monotonic() - start
