"""The same gated PixelCNN behind a plain FastAPI service: an image a request, a full pass a pixel.

In this folder's parent: WEIGHTS=MODEL THREADS=2 SETTING='{"precision": "bfloat16"}' uvicorn peers.service:app, with a model of lacuna's of
binary images. SAMPLER=cached computes nothing twice, as nobody plainly would. It asks for fastapi and uvicorn besides what the other peers do.
"""
import base64
import io
import json
import os
import threading

import numpy
import torch
from fastapi import FastAPI
from PIL import Image
from pydantic import BaseModel

from .pixelcnn import PixelCNN
from .settings import Setting
from .sampler import CachedSampler, plain
from .weights import load, read

tensors, _ = read(os.environ["WEIGHTS"])
side = tensors["place.rows"].shape[0]
torch.set_num_threads(int(os.environ.get("THREADS", "2")))
network = PixelCNN(1, 2, side).eval()
load(network, os.environ["WEIGHTS"])
setting = Setting(**json.loads(os.environ.get("SETTING", "{}")))
network.to(memory_format=setting.memory_format)
cached = CachedSampler(network, setting) if os.environ.get("SAMPLER") == "cached" else None
# One at a time: passes side by side would fight for the cores.
turn = threading.Lock()
app = FastAPI()


class Request(BaseModel):
    """A picture whose lower half is filled; further fields of lacuna's requests are passed over."""

    image: str
    seed: int = 0


@app.post("/v1/impute")
def impute(request: Request):
    picture = numpy.asarray(Image.open(io.BytesIO(base64.b64decode(request.image))).convert("L"))
    images = torch.zeros(1, 1, side, side).contiguous(memory_format=setting.memory_format)
    images[0, 0] = torch.from_numpy((picture > 127).astype("float32"))
    first = side * (side // 2)
    with turn:
        torch.manual_seed(request.seed)
        images[:, :, side // 2 :] = 0
        if cached:
            images, _ = cached.draw(1, side, side, images, first)
        else:
            plain(network, images, range(first, side * side), setting)
    buffer = io.BytesIO()
    Image.fromarray((255 * images[0, 0]).byte().numpy()).save(buffer, "PNG")
    return {"answers": [{"image": base64.b64encode(buffer.getvalue()).decode()}]}
