"""Peak memory, of this process and of a command.

The kernel counts a process's peak from its start, when it still has the memory of whoever started it. So a command is
measured by starting it from this small script: `peak_memory.py COMMAND ...` writes seconds and MB as JSON.
"""
import json
import os
import subprocess
import sys
import time


def own():
    """Bytes: the most that this process has had at once since its program was started."""
    with open("/proc/self/status", encoding="ascii") as file:
        return next(1024 * int(line.split()[1]) for line in file if line.startswith("VmHWM:"))


def measure(command):
    """Seconds and peak memory in MB of a command that must succeed."""
    launcher = [sys.executable, "-S", "-E", os.path.abspath(__file__), *map(str, command)]
    done = subprocess.run(launcher, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])


def main():
    began = time.perf_counter()
    process = os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
    _, status, usage = os.wait4(process, 0)
    taken = time.perf_counter() - began
    print(json.dumps({"seconds": taken, "megabytes": usage.ru_maxrss / 1000}))
    sys.exit(os.waitstatus_to_exitcode(status) != 0)


if __name__ == "__main__":
    main()
