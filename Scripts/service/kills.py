"""Ends `lacuna serve` under load: SIGTERM answers what was taken on, SIGHUP loses nothing, SIGKILL leaves nothing half written."""

import base64
import hashlib
import http.client
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from server import DIGITS, ROOT, serving  # noqa: E402

DIGIT = base64.b64encode((ROOT / "fixtures/digits-holdout/digit3-01.png").read_bytes()).decode()
CLIENTS = 32


class Client(threading.Thread):
    """Asks again and again on one connection, for little or much, plainly or for events, until the service is gone."""

    def __init__(self, host, number):
        super().__init__()
        self.host, self.chance = host, random.Random(number)
        self.statuses, self.unanswered, self.broken, self.bodies = {}, 0, 0, {}
        self.isDone = False

    def run(self):
        connection = http.client.HTTPConnection(self.host, timeout=60)
        while not self.isDone:
            # A hole above known pixels takes 64 particles, one below them a row an answer: no more than the queue holds.
            region, samples = self.chance.choice(
                [("bottom-half", 1), ("bottom-half", 16), ("bottom-half", 64), ("top-half", 1)])
            wantsEvents = self.chance.random() < 0.3
            body = json.dumps({"image": DIGIT, "region": region, "samples": samples})
            headers = {"Content-Type": "application/json"}
            if wantsEvents:
                headers["Accept"] = "text/event-stream"
            answer = None
            try:
                connection.request("POST", "/v1/impute", body, headers)
                answer = connection.getresponse()
                data = answer.read()
            except ConnectionRefusedError:
                return
            except (http.client.HTTPException, OSError):
                # Nothing at all came: the connection was closed when the request was on its way. A piece came: an answer is cut off.
                if answer is None:
                    self.unanswered += 1
                else:
                    self.broken += 1
                return
            status = answer.status
            if status == 200 and wantsEvents:
                name, data = data.split(b"\n\n")[-2].split(b"\ndata: ", 1)
                if name != b"event: result":
                    status = json.loads(data)["status"]
            if status == 200:
                self.bodies.setdefault((region, samples), set()).add(hashlib.sha256(data).hexdigest())
            self.statuses[status] = self.statuses.get(status, 0) + 1


def load(url):
    clients = [Client(url[7:], i) for i in range(CLIENTS)]
    for client in clients:
        client.start()
    return clients


def gathered(clients):
    """How requests went, once all clients have ended; the same request got the same bytes from all."""
    for client in clients:
        client.join()
    statuses, bodies = {}, {}
    for client in clients:
        for status, count in client.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
        for request, found in client.bodies.items():
            bodies.setdefault(request, set()).update(found)
    assert all(len(found) == 1 for found in bodies.values()), "same request, other bytes"
    return (statuses, sum(client.unanswered for client in clients),
            sum(client.broken for client in clients), bodies)


def logged(text):
    """What the service says that it answered, by status."""
    statuses = {}
    for status in re.findall(r"POST /v1/impute (\d+) ", text):
        statuses[int(status)] = statuses.get(int(status), 0) + 1
    return statuses


def terminated(binary, model, rounds):
    total, unread = {}, 0
    for number in range(rounds):
        with serving(binary, [model], isQuiet=False) as (url, process):
            clients = load(url)
            time.sleep(0.3 + 0.17 * number)
            start = time.perf_counter()
            process.send_signal(signal.SIGTERM)
            status = process.wait(60)
            seconds = time.perf_counter() - start
            statuses, unanswered, broken, _ = gathered(clients)
            assert status == 0, status
            assert broken == 0, "answers are cut off"
            assert statuses == logged(process.log()), (statuses, logged(process.log()))
        for key, count in statuses.items():
            total[key] = total.get(key, 0) + count
        unread += unanswered
        print(f"SIGTERM: ended with 0 after {seconds:.2f} s; answered and logged alike: {statuses}; "
              f"on their way when the connection was closed: {unanswered}", flush=True)
    print(f"SIGTERM, {rounds} times: {total}, every one that was logged got its answer; {unread} met a connection that was closed already")


def reloaded(binary, model, seconds):
    with serving(binary, [model], isQuiet=False) as (url, process):
        clients = load(url)
        until = time.perf_counter() + seconds
        count = 0
        while time.perf_counter() < until:
            time.sleep(0.1)
            process.send_signal(signal.SIGHUP)
            count += 1
        for client in clients:
            client.isDone = True
        statuses, unanswered, broken, _ = gathered(clients)
        assert set(statuses) == {200} and unanswered == broken == 0, (statuses, unanswered, broken)
        times = process.log().count("models read anew")
        assert times > 0
    print(f"SIGHUP, {count} times, models read anew {times} times: {statuses}, none lost, same bytes", flush=True)


def files(folder):
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            for path in sorted(folder.rglob("*"))}


def written(process):
    """Regular files that it has open for writing, but for its log."""
    found = []
    for number in os.listdir(f"/proc/{process.pid}/fd"):
        try:
            target = os.readlink(f"/proc/{process.pid}/fd/{number}")
            flags = re.search(r"flags:\s+(\d+)", Path(f"/proc/{process.pid}/fdinfo/{number}").read_text())
        except OSError:
            continue
        if int(number) > 2 and target.startswith("/") and not target.startswith("/dev/"):
            if int(flags.group(1), 8) & (os.O_WRONLY | os.O_RDWR):
                found.append(target)
    return found


def killed(binary, model, rounds, folder):
    """Its folder, home and folder for temporary files are one that nobody else uses."""
    before, first = files(folder), None
    for number in range(rounds):
        with serving(binary, [model], isQuiet=False, folder=folder) as (url, process):
            clients = load(url)
            time.sleep(0.3 + 0.17 * number)
            assert not written(process), written(process)
            process.kill()
            process.wait(60)
            bodies = gathered(clients)[3]
        first = first or bodies
        for request in set(first) & set(bodies):
            assert first[request] == bodies[request], "other bytes after a kill"
        assert files(folder) == before, "files are left or changed"
    print(f"SIGKILL, {rounds} times: no file was open for writing, none is left or changed, the next one gives the same bytes",
          flush=True)


def main():
    binary = os.path.abspath(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = folder / DIGITS.name
        shutil.copy(DIGITS, model)
        terminated(binary, model, rounds)
        reloaded(binary, model, 5)
        killed(binary, model, rounds, folder)


if __name__ == "__main__":
    main()
