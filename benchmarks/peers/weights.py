"""Weights in the safetensors format, as lacuna writes them."""
import json
import struct

import numpy
import torch


def read(path):
    """The float32 tensors by name, and the metadata."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        body = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32", f"{name} is {entry['dtype']}"
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(body[begin:end], "<f4").reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors, metadata


def write(path, tensors, metadata):
    """The inverse of `read`."""
    header, body = {"__metadata__": metadata}, b""
    for name, tensor in sorted(tensors.items()):
        values = tensor.contiguous().numpy().astype("<f4").tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [len(body), len(body) + len(values)],
        }
        body += values
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + body)


def load(network, path):
    """Gives a network the weights of a file; every parameter must have exactly one."""
    tensors, _ = read(path)
    network.load_state_dict(network.own_weights(tensors), strict=True)
    count = sum(tensor.numel() for tensor in tensors.values())
    assert count == sum(parameter.numel() for parameter in network.parameters())
    return count
