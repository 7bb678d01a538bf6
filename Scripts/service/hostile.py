"""Asks `lacuna serve` what nobody should: it has to go on, answer others, and not grow."""

import base64
import http.client
import json
import os
import random
import socket
import struct
import sys
import threading
import time
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from server import DIGITS, ROOT, serving, train_encoder  # noqa: E402

DIGIT = (ROOT / "fixtures/digits-holdout/digit3-01.png").read_bytes()
MASK = (ROOT / "fixtures/masks/digit3-01.png").read_bytes()


def resident(process):
    text = Path(f"/proc/{process.pid}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


def body():
    return json.dumps({
        "image": base64.b64encode(DIGIT).decode(), "mask": base64.b64encode(MASK).decode()})


def form(boundary="b"):
    parts = b""
    for name, data in [("image", DIGIT), ("mask", MASK)]:
        parts += (f"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; "
                  f"filename=\"../../etc/passwd\"\r\n\r\n").encode() + data + b"\r\n"
    return parts + f"--{boundary}--\r\n".encode()


def tensors():
    return json.dumps({"inputs": [
        {"name": "image", "datatype": "UINT8", "shape": [2, 2], "data": [1, 2, 3, 4]},
        {"name": "mask", "datatype": "BOOL", "shape": [2, 2], "data": [True] * 4}]})


def mutated(data, chance):
    data = bytearray(data)
    for _ in range(chance.choice([0, 1, 1, 2, 5, 20])):
        kind = chance.randrange(5)
        place = chance.randrange(len(data) + 1)
        if kind == 0 and data:
            data[place % len(data)] = chance.randrange(256)
        elif kind == 1:
            data[place:place] = bytes(chance.randrange(256) for _ in range(chance.randrange(9)))
        elif kind == 2:
            del data[place:place + chance.randrange(40)]
        elif kind == 3:
            data[place:place] = chance.choice(
                [b"9" * 30, b"-1", b"[" * 600, b"{}", b"null", b"\x00", b"1e999", b"\"", b"\r\n\r\n"])
        else:
            other = chance.randrange(len(data) + 1)
            data[place:place] = data[other:other + chance.randrange(60)]
    return bytes(data)


PLACES = [
    ("/v1/impute", body, "application/json"), ("/v1/impute", form, "multipart/form-data; boundary=b"),
    ("/api/v1/inpaint", body, "application/json"),
    ("/v1/images/edits", form, "multipart/form-data; boundary=b"),
    ("/v1/embed/images/bytes", form, "multipart/form-data; boundary=b"),
    (f"/v2/models/{DIGITS.stem}/infer", tensors, "application/json"),
    ("/v1/augment", lambda: '{"count": 2, "class": "3", "seed": 1, "temperature": 0.9}',
     "application/json"),
]


def requests(host, count, seed, statuses):
    chance = random.Random(seed)
    connection = http.client.HTTPConnection(host, timeout=900)
    for _ in range(count):
        path, make, kind = chance.choice(PLACES)
        data = make()
        data = mutated(data.encode() if isinstance(data, str) else data, chance)
        headers = {"Content-Type": kind}
        if chance.random() < 0.05:
            headers["Content-Type"] = mutated(kind.encode(), chance).decode("latin1").replace(
                "\r", "").replace("\n", "")
        if chance.random() < 0.1:
            headers["Accept"] = "text/event-stream"
        try:
            connection.request(chance.choice(["POST"] * 19 + ["PUT"]), path, data, headers)
            answer = connection.getresponse()
            answer.read()
            statuses[answer.status] = statuses.get(answer.status, 0) + 1
        except (http.client.HTTPException, OSError, ValueError):
            statuses["closed"] = statuses.get("closed", 0) + 1
            connection.close()
            connection = http.client.HTTPConnection(host, timeout=900)


def raw(address, data):
    connection = socket.create_connection(address, timeout=5)
    connection.sendall(data)
    return connection


def png_bomb(side):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(
            ">I", zlib.crc32(kind + data))
    rows = zlib.compress(b"\0" * (side + 1) * 4096, 9)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", rows) + chunk(b"IEND", b""))


def healthy(host):
    """Whether somebody else is served meanwhile, and how soon."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request("POST", "/v1/impute", body(), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, answer.status
    return 1000 * (time.perf_counter() - start)


def main():
    binary, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    folder = Path(os.environ.get("TMPDIR", "/tmp"))
    encoder = train_encoder(binary, folder)
    with serving(binary, [DIGITS, encoder], "--max-connections", "1200") as (url, process):
        host = url[7:]
        address = (host.split(":")[0], int(host.split(":")[1]))

        def check(what):
            assert process.poll() is None, f"the service has ended: {what}"
            print(f"{what}: others are answered in {healthy(host):.0f} ms; "
                  f"{resident(process):.0f} MiB resident", flush=True)

        statuses = {}
        requests(host, 200, 0, statuses)
        check("warmed up")
        statuses = {}
        start = time.perf_counter()
        for part in range(10):
            threads = [
                threading.Thread(
                    target=requests, args=(host, count // 40, 4 * part + i + 1, statuses))
                for i in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            if part in (0, 4, 9):
                check(f"{(part + 1) * (count // 40) * 4} mutated requests")
        print(f"  in {time.perf_counter() - start:.0f} s: {statuses}")
        assert not [status for status in statuses if status != "closed" and status >= 500], statuses

        open_ones = [raw(address, b"POST /v1/impute HT") for _ in range(100)]
        open_ones += [raw(address, b"POST /v1/impute HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                          b"Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{")
                      for _ in range(100)]
        check("200 clients that do not go on")
        for connection in open_ones:
            connection.close()

        for accept in [b"*/*", b"text/event-stream"]:
            for _ in range(300):
                raw(address, b"POST /v1/impute HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: %s\r\n"
                    b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                    % (accept, len(body()), body().encode())).close()
            check(f"300 clients of {accept.decode()} that leave at once")

        endless = raw(address, b"POST /v1/impute HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
                      b"application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        sent = 0
        try:
            while sent < 1 << 33:
                endless.sendall(b"10000\r\n" + b"a" * 65536 + b"\r\n")
                sent += 65536
        except OSError:
            pass
        assert sent < 1 << 33, "a body without end is read without end"
        check(f"a body without end, closed after {sent >> 20} MiB")

        for side in [300, 16_000, 60_000]:
            data = json.dumps({"image": base64.b64encode(png_bomb(side)).decode(),
                               "region": "center"})
            connection = http.client.HTTPConnection(host)
            connection.request("POST", "/v1/impute", data, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            assert answer.status in (413, 422), answer.status
        check("PNG bombs")

        many = []
        for _ in range(1000):
            many.append(raw(address, b"GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
        check("a thousand connections")
        assert all(connection.recv(12) == b"HTTP/1.1 200" for connection in many)
        for connection in many:
            connection.close()

        pipelined = raw(address, b"GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 5000)
        check("5000 requests at once whose answers nobody takes")
        pipelined.close()
        start = resident(process)
        statuses = {}
        requests(host, 2000, 99, statuses)
        check("2000 more")
        assert resident(process) < start + 50, "memory grows"
    assert process.returncode == 0, process.returncode
    print("ended as asked")


if __name__ == "__main__":
    main()
