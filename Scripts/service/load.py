"""Loads `lacuna serve` on this machine: images a second and latency with 1, 8 and 64 clients, beside the command."""

import argparse
import base64
import http.client
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
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
    before = [metric(url, name) for name in ["rows_total", "tiles_total"]]
    latencies, counts = [], {}
    until = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=ask, args=(url[7:], bodies[i::clients], latencies, until, counts))
        for i in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - start
    rows, tiles = (
        metric(url, name) - old for name, old in zip(["rows_total", "tiles_total"], before))
    latencies.sort()
    quantile = lambda share: 1000 * latencies[min(len(latencies) - 1, int(share * len(latencies)))]
    print(f"| {clients} | {samples * len(latencies) / elapsed:.0f} | {quantile(.5):.1f} | {quantile(.95):.1f} | "
          f"{quantile(.99):.1f} | {rows / (64 * tiles):.2f} | {counts} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--model", default=str(DIGITS))
    parser.add_argument("--images", default=str(ROOT / "fixtures/digits-holdout"))
    parser.add_argument("--region", default="bottom-half")
    parser.add_argument("--samples", type=int, default=1, help="answers a request")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--threads", default="2")
    parser.add_argument("--command", type=int, default=6400, help="images for 'lacuna impute'")
    options = parser.parse_args()
    paths = sorted(Path(options.images).rglob("*.png"))[:640]
    images = [path.read_bytes() for path in paths]
    bodies = [request(image, i, path.name, options.region, options.samples)
              for i, (image, path) in enumerate(zip(images * 16, paths * 16))][:640]
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        output = Path(folder) / "filled"
        subprocess.run(
            [options.binary, "impute", options.images, "--region", options.region, "--model",
             options.model, "--output", str(output), "--samples", str(max(1, options.command // len(paths))),
             "--threads", options.threads, "--quiet"], check=True, capture_output=True)
        elapsed = time.perf_counter() - start
        filled = sum(1 for _ in output.rglob("*.png"))
        print(f"lacuna impute: {filled} images in {elapsed:.2f} s, {filled / elapsed:.0f} a second")
    with serving(options.binary, [options.model], "--threads", options.threads) as (url, _):
        measured(url, bodies, 8, 1, options.samples)
        print("| clients | images a second | 50 % ms | 95 % ms | 99 % ms | tile fill | status |")
        for clients in [1, 8, 64]:
            measured(url, bodies, clients, options.seconds, options.samples)


if __name__ == "__main__":
    main()
