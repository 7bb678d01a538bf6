"""What everything ran on."""
import os
import pathlib
import platform
import subprocess

FEATURES = ["avx2", "avx512f", "avx512_bf16", "amx_tile", "amx_bf16"]


def first_line(*command):
    """The first line that a program writes, or None where there is no such program."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip().splitlines()[0] if done.stdout.strip() else None


def processor():
    """Name, cores and the instructions that matter."""
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor(), []
    entries = dict(line.split(":", 1) for line in text.split("\n\n")[0].splitlines() if ":" in line)
    entries = {key.strip(): value.strip() for key, value in entries.items()}
    numbers = f"family {entries.get('cpu family')}, model {entries.get('model')}"
    flags = entries.get("flags", "").split()
    return f"{entries.get('model name')} ({numbers})", [name for name in FEATURES if name in flags]


def identity():
    """What makes PyTorch's best settings worth looking for anew."""
    import torch

    name, features = processor()
    return f"{name}; {', '.join(features)}; PyTorch {torch.__version__}"


def rows(lacuna):
    """Names and texts."""
    import torch

    name, features = processor()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    own = next((line for line in torch.__config__.show().splitlines() if "DNN" in line and "v" in line), "")
    system = platform.freedesktop_os_release()["PRETTY_NAME"] if pathlib.Path("/etc/os-release").exists() else ""
    return [
        ("processor", name),
        ("cores", f"{cores}; both contestants use {lacuna.threads} threads"),
        ("instructions", ", ".join(features) or "none of " + ", ".join(FEATURES)),
        ("memory", f"{memory:.0f} GiB"),
        ("system", f"{system}, Linux {platform.release()}, glibc {platform.libc_ver()[1]}"),
        ("lacuna", f"{first_line(str(lacuna.binary), '--version')}, {first_line('swift', '--version')}"),
        ("lacuna's oneDNN", first_line("dpkg-query", "-W", "-f", "${Version}", "libdnnl2") or "the system's"),
        ("PyTorch", f"{torch.__version__}; {own.strip(' -')}"),
        ("Python", platform.python_version()),
        ("C++ compiler for torch.compile", first_line("g++", "--version") or "none: not tried"),
    ]
