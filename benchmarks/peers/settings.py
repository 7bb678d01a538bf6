"""The ways in which PyTorch is run."""
import dataclasses
import os
import shutil

# Without these, glibc gives large buffers back to the system after every use and gets them again as fresh pages.
KEEPING_MEMORY = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": str(1 << 40),
    "MALLOC_TOP_PAD_": str(64 << 20),
}


@dataclasses.dataclass(frozen=True)
class Setting:
    """One way to run a network. The defaults are PyTorch's own."""

    precision: str = "float32"
    channels_last: bool = False
    compiled: bool = False
    keeps_memory: bool = False
    fused: bool = False
    huge_pages: bool = False

    @property
    def memory_format(self):
        import torch

        return torch.channels_last if self.channels_last else torch.contiguous_format

    @property
    def environment(self):
        """Variables of a process that runs so."""
        variables = dict(KEEPING_MEMORY) if self.keeps_memory else {}
        if self.huge_pages:
            variables["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1"
        return variables

    @property
    def text(self):
        words = [
            (True, self.precision),
            (self.channels_last, "channels-last"),
            (self.compiled, "compiled"),
            (self.fused, "fused Adam"),
            (self.keeps_memory, "memory kept"),
            (self.huge_pages, "huge pages"),
        ]
        return ", ".join(word for holds, word in words if holds)


AS_IT_COMES = Setting()


def has_compiler():
    """Whether torch.compile finds a C++ compiler."""
    return any(shutil.which(name) for name in (os.environ.get("CXX", "g++"), "g++", "clang++"))


def candidates(has_images):
    """What is tried first for PyTorch's best, all with glibc keeping its memory and with the fused optimiser.

    A network of dense layers has no images whose channels could come last.
    """
    for precision in ("float32", "bfloat16"):
        for channels_last in (False, True) if has_images else (False,):
            yield Setting(precision, channels_last, keeps_memory=True, fused=True)


def compiled(best):
    """What is tried next: the best of those compiled, where that can be done."""
    if has_compiler():
        yield dataclasses.replace(best, compiled=True)


def refinements(best):
    """What is tried last, for the best of all before."""
    yield dataclasses.replace(best, huge_pages=True)
    yield dataclasses.replace(best, keeps_memory=False)
