"""Asks `lacuna serve` for a long time, by clients good and bad, and notes its memory: it has to stay flat."""

import argparse
import http.client
import json
import random
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import hostile  # noqa: E402
from server import DIGITS, serving, train_encoder  # noqa: E402

GOOD = 6


def good(host, seed, until, counts):
    """Fills, draws, encodes, now and then for events; every answer has to be right."""
    chance = random.Random(seed)
    connection = http.client.HTTPConnection(host, timeout=900)
    filling = json.loads(hostile.body())
    requests = [
        ("/v1/impute", filling), ("/v1/impute", {**filling, "samples": 8, "mean": True, "uncertainty": True}),
        ("/v1/augment", {"count": 8}),
        ("/v1/embed", {"images": [filling["image"]] * 4, "model": "encoder"}),
        ("/v1/score", {"images": [filling["image"]] * 4}),
    ]
    while time.time() < until:
        path, body = chance.choice(requests)
        headers = {"Content-Type": "application/json"}
        if chance.random() < 0.2:
            headers["Accept"] = "text/event-stream"
        if path != "/v1/score" and path != "/v1/embed":
            body = {**body, "seed": chance.randrange(1000)}
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        data = answer.read()
        assert answer.status == 200 and b"event: error" not in data, data
        counts["good"] = counts.get("good", 0) + 1


def bad(host, seed, until, counts):
    """Mutated requests, clients that leave at once or send no more, bombs."""
    chance = random.Random(seed)
    name, port = host.split(":")
    while time.time() < until:
        kind = chance.randrange(20)
        if kind < 16:
            statuses = {}
            hostile.requests(host, 20, chance.random(), statuses)
            for status, count in statuses.items():
                assert status == "closed" or status < 500, statuses
                counts["mutated"] = counts.get("mutated", 0) + count
        elif kind == 16:
            body = json.dumps({"image": hostile.base64.b64encode(hostile.png_bomb(16_000)).decode()})
            connection = http.client.HTTPConnection(host)
            connection.request("POST", "/v1/impute", body, {"Content-Type": "application/json"})
            assert connection.getresponse().status == 413
            counts["bombs"] = counts.get("bombs", 0) + 1
        else:
            accept = b"text/event-stream" if kind == 17 else b"*/*"
            body = json.dumps({**json.loads(hostile.body()), "samples": 64}).encode()
            part = body[: len(body) // 2] if kind == 19 else body
            connections = [
                hostile.raw((name, int(port)), b"POST /v1/impute HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: %s\r\n"
                            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                            % (accept, len(body), part)) for _ in range(10)]
            time.sleep(chance.random() * 0.1)
            for connection in connections:
                connection.close()
            counts["left"] = counts.get("left", 0) + len(connections)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--every", type=float, default=5, help="minutes between two lines")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        encoder = train_encoder(options.binary, folder)
        # Other work may keep the machine from it for a while.
        with serving(options.binary, [DIGITS, encoder], "--timeout", "600") as (url, process):
            start, counts, failures = time.time(), {}, []
            until = start + 60 * options.minutes

            def guarded(task, seed):
                try:
                    task(url[7:], seed, until, counts)
                except Exception as error:
                    failures.append(error)
                    raise

            threads = [threading.Thread(target=guarded, args=(good if i < GOOD else bad, i)) for i in range(GOOD + 2)]
            for thread in threads:
                thread.start()
            found = []
            for line in range(int(options.minutes / options.every) + 2):
                # The first line comes when everything has been asked for once.
                at = start + (10 if line == 0 else 60 * options.every * line)
                while time.time() < min(at, until):
                    time.sleep(1)
                    if int(time.time() - start) % 60 == 0:
                        process.send_signal(signal.SIGHUP)
                assert process.poll() is None and not failures, failures
                found.append(hostile.resident(process))
                print(f"{(time.time() - start) / 60:5.1f} minutes: {found[-1]:.1f} MiB resident, {counts}", flush=True)
                if time.time() >= until:
                    break
            for thread in threads:
                thread.join()
            assert not failures, failures
            time.sleep(2)
            print(f"at rest: {hostile.resident(process):.1f} MiB resident")
        assert process.returncode == 0, process.returncode
    # The second line is taken when all has been asked for often: pools and caches are full.
    assert found[-1] < found[min(1, len(found) - 1)] + 16, "memory grows"
    print("flat")


if __name__ == "__main__":
    main()
