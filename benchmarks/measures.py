"""Medians, spreads and ratios of what was measured in rounds."""
import statistics


def summary(rounds):
    """The median of all values of all rounds, and the spread: the medians of the fastest and the slowest round."""
    medians = [statistics.median(values) for values in rounds]
    return {
        "median": statistics.median(value for values in rounds for value in values),
        "least": min(medians),
        "most": max(medians),
        "rounds": len(rounds),
        "values": sum(map(len, rounds)),
    }


def ratio(peer, ours):
    """How many times longer the peer takes: of the medians, and of the pairs of rounds the least and the most."""
    pairs = [statistics.median(a) / statistics.median(b) for a, b in zip(peer, ours)]
    return {
        "ratio": summary(peer)["median"] / summary(ours)["median"],
        "least": min(pairs),
        "most": max(pairs),
    }
