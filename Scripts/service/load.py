"""Loads `lacuna serve` on this machine: images a second and latency with 1, 8 and 64 clients, beside the command, and beside the same
model in PyTorch behind FastAPI where `--peer` names a Python that has both. Contestants take turns, since machines are seldom idle."""

import argparse
import base64
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from server import DIGITS, ROOT, serving  # noqa: E402


def request(image, seed, name, region, samples):
    return json.dumps({
        "image": base64.b64encode(image).decode(), "seed": seed, "name": name, "region": region,
        "samples": samples}).encode()


def ask(host, bodies, latencies, until, counts):
    connection = http.client.HTTPConnection(host)
    place = 0
    while time.perf_counter() < until:
        start = time.perf_counter()
        connection.request(
            "POST", "/v1/impute", bodies[place % len(bodies)], {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        counts[answer.status] = counts.get(answer.status, 0) + 1
        latencies.append(time.perf_counter() - start)
        place += 1


def metric(url, name):
    text = urllib.request.urlopen(f"{url}/metrics").read().decode()
    return float(re.search(rf"^lacuna_{name} (\S+)", text, re.M).group(1))


def measured(url, bodies, clients, seconds, samples):
    """Images a second, latencies in milliseconds at 50, 95 and 99 %, and how answers went."""
    latencies, counts = [], {}
    start = time.perf_counter()
    threads = [
        threading.Thread(
            target=ask, args=(url[7:], bodies[i::clients], latencies, start + seconds, counts))
        for i in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - start
    latencies.sort()
    assert set(counts) == {200}, counts
    quantiles = [
        1000 * latencies[min(len(latencies) - 1, int(share * len(latencies)))]
        for share in (0.5, 0.95, 0.99)]
    return samples * len(latencies) / elapsed, quantiles


def told(what, rate, quantiles=(), fill=None):
    numbers = [f"{rate:.1f}" if rate < 20 else f"{rate:.0f}"]
    numbers += [f"{quantile:.1f}" for quantile in quantiles] or ["", "", ""]
    print(f"| {what} | {' | '.join(numbers)} | {'' if fill is None else f'{fill:.2f}'} |", flush=True)


def served(url, bodies, clients, seconds, samples):
    before = [metric(url, name) for name in ["rows_total", "tiles_total"]]
    rate, quantiles = measured(url, bodies, clients, seconds, samples)
    rows, tiles = (
        metric(url, name) - old for name, old in zip(["rows_total", "tiles_total"], before))
    told(f"service, {clients} clients", rate, quantiles, rows / (64 * tiles))
    return rate, quantiles


def command(options, count):
    """Images a second that `lacuna impute` fills and writes."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "filled"
        start = time.perf_counter()
        subprocess.run(
            [options.binary, "impute", options.images, "--region", options.region, "--model",
             options.model, "--output", str(output), "--samples", str(max(1, options.command // count)),
             "--threads", options.threads, "--quiet"], check=True, capture_output=True)
        elapsed = time.perf_counter() - start
        rate = sum(1 for _ in output.rglob("*.png")) / elapsed
    told("command", rate)
    return rate


@contextmanager
def peer(options):
    """The address of a plain FastAPI service with the same weights in PyTorch."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ, "WEIGHTS": options.model, "THREADS": options.threads,
        "SETTING": options.setting}
    process = subprocess.Popen(
        [options.peer, "-m", "uvicorn", "peers.service:app", "--app-dir", str(ROOT / "benchmarks"),
         "--port", str(port), "--log-level", "error"], env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{url}/openapi.json").read()
                break
            except OSError:
                assert process.poll() is None, "the peer does not start"
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(60)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--model", default=str(DIGITS))
    parser.add_argument("--images", default=str(ROOT / "fixtures/digits-holdout"))
    parser.add_argument("--region", default="bottom-half")
    parser.add_argument("--samples", type=int, default=1, help="answers a request")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", default="2")
    parser.add_argument("--command", type=int, default=6400, help="images for 'lacuna impute'")
    parser.add_argument("--peer", help="a Python with torch, fastapi and uvicorn; for binary images")
    parser.add_argument("--setting", default="{}", help="how the peer runs, JSON of a Setting of benchmarks/peers")
    options = parser.parse_args()
    paths = sorted(Path(options.images).rglob("*.png"))[:640]
    images = [path.read_bytes() for path in paths]
    bodies = [request(image, i, path.name, options.region, options.samples)
              for i, (image, path) in enumerate(zip(images * 16, paths * 16))][:640]
    print("| | images a second | 50 % ms | 95 % ms | 99 % ms | tile fill |\n|---|---|---|---|---|---|")
    with serving(options.binary, [options.model], "--threads", options.threads) as (url, _):
        measured(url, bodies, 8, 1, options.samples)
        shares = []
        for _ in range(options.rounds):
            own = command(options, len(paths))
            rates = {
                clients: served(url, bodies, clients, options.seconds, options.samples)
                for clients in options.clients}
            shares.append(rates[options.clients[-1]][0] / own)
        print(f"{options.clients[-1]} clients get {100 * statistics.median(shares):.0f} % of the command's rate "
              f"({', '.join(f'{100 * share:.0f}' for share in shares)})", flush=True)
        if not options.peer:
            return
        with peer(options) as other:
            measured(other, bodies, 1, 1, 1)
            for clients in [count for count in options.clients if count < 64]:
                ratios = []
                for _ in range(options.rounds):
                    rate, quantiles = measured(other, bodies, clients, options.seconds, 1)
                    told(f"PyTorch behind FastAPI, {clients} clients", rate, quantiles)
                    ratios.append(
                        served(url, bodies, clients, options.seconds, options.samples)[0] / rate)
                print(f"{clients} clients: {statistics.median(ratios):.1f} times as many images a second "
                      f"({', '.join(f'{ratio:.1f}' for ratio in ratios)})", flush=True)


if __name__ == "__main__":
    main()
