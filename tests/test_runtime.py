"""Where models run: what torch keeps of the products that it did."""

import subprocess
import sys

import pytest

from summarizer.runtime import RuntimeOptions, pick_device, pick_dtype

GROWTH = """
import ctypes
import torch
from summarizer.runtime import RuntimeOptions, pick_device

class Heap(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in ("arena", "a", "b", "c", "mapped", "d", "e", "used", "f", "g")]

library = ctypes.CDLL(None)
library.mallinfo2.restype = Heap

def used():
    heap = library.mallinfo2()
    return heap.used + heap.mapped

pick_device(RuntimeOptions(device="cpu", threads=1))
weight = torch.zeros((384, 1536), dtype=torch.bfloat16)
with torch.inference_mode():
    for rows in range(200):
        torch.zeros((rows + 1, 384), dtype=torch.bfloat16) @ weight
        if rows == 99:
            before = used()
print((used() - before) >> 20)
"""


def test_runtime_products_of_ever_new_sizes_take_no_more_memory():
    import torch

    if pick_dtype(RuntimeOptions(), pick_device(RuntimeOptions(device="cpu"))) is not torch.bfloat16:
        pytest.skip("this CPU does not compute in bfloat16, and compiles nothing")
    run = subprocess.run([sys.executable, "-c", GROWTH], capture_output=True, text=True, check=False)
    if "mallinfo2" in run.stderr:
        pytest.skip("this C library does not tell what is in use")
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) < 10
