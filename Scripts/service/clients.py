"""Asks `lacuna serve` by the clients of other services, as they are, and checks what they get."""

import base64
import io
import json
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import httpx
import httpx_sse
import numpy
import openai
import prometheus_client.parser
import tritonclient.http
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from server import DIGITS, ROOT, serving, train_encoder  # noqa: E402

DIGIT = ROOT / "fixtures/digits-holdout/digit3-01.png"
MASK = ROOT / "fixtures/masks/digit3-01.png"


def native(url, samples=2):
    """What the service's own route answers to the same."""
    body = {
        "image": base64.b64encode(DIGIT.read_bytes()).decode(),
        "mask": base64.b64encode(MASK.read_bytes()).decode(), "samples": samples,
    }
    request = urllib.request.Request(
        f"{url}/v1/impute", json.dumps(body).encode(), {"Content-Type": "application/json"})
    answers = json.load(urllib.request.urlopen(request))["answers"]
    return [pixels(base64.b64decode(answer["image"])) for answer in answers], answers


def pixels(data):
    return numpy.asarray(Image.open(io.BytesIO(data)).convert("L"))


def triton(url):
    """tritonclient: binary tensors without a Content-Type."""
    client = tritonclient.http.InferenceServerClient(url.removeprefix("http://"))
    name = DIGITS.stem
    assert client.is_server_live() and client.is_server_ready() and client.is_model_ready(name)
    assert client.get_server_metadata()["name"] == "lacuna"
    assert client.get_model_metadata(name)["inputs"][0]["shape"] == [8, 8, 1]
    digit, mask = pixels(DIGIT.read_bytes()), pixels(MASK.read_bytes()) > 127
    expected, answers = native(url)
    for binary in [True, False]:
        inputs = [
            tritonclient.http.InferInput("image", [8, 8, 1], "UINT8"),
            tritonclient.http.InferInput("mask", [8, 8], "BOOL"),
        ]
        inputs[0].set_data_from_numpy(digit.reshape(8, 8, 1), binary_data=binary)
        inputs[1].set_data_from_numpy(mask, binary_data=binary)
        result = client.infer(name, inputs, parameters={"samples": 2})
        assert (result.as_numpy("filled")[..., 0] == numpy.stack(expected)).all()
        likelihoods = [answer["log_likelihood_nats"] for answer in answers]
        assert numpy.allclose(result.as_numpy("log_likelihood"), likelihoods)
        image = tritonclient.http.InferInput("image", [8, 8], "UINT8")
        image.set_data_from_numpy(digit, binary_data=binary)
        assert client.infer("encoder", [image]).as_numpy("features").ndim == 1
    try:
        client.get_model_metadata("none")
        raise AssertionError("an unknown model is known")
    except tritonclient.http.InferenceServerException as error:
        assert "no model" in str(error)


def edits(url):
    """openai: the hole is where the mask is transparent."""
    client = openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0)
    known = Image.fromarray(numpy.where(pixels(MASK.read_bytes()) > 127, 0, 255).astype("uint8"))
    mask = Image.new("RGBA", known.size)
    mask.putalpha(known)
    buffer = io.BytesIO()
    mask.save(buffer, "PNG")
    with DIGIT.open("rb") as image:
        answer = client.images.edit(
            model=DIGITS.stem, image=image, mask=("mask.png", buffer.getvalue()), prompt="a digit",
            n=2)
    expected, answers = native(url)
    for datum, image, own in zip(answer.data, expected, answers):
        assert (pixels(base64.b64decode(datum.b64_json)) == image).all()
        assert datum.log_likelihood == own["log_likelihood_nats"]
    try:
        client.images.edit(model=DIGITS.stem, image=("x.png", b"nothing"), prompt="")
        raise AssertionError("nothing is an image")
    except openai.UnprocessableEntityError as error:
        assert "PNG" in str(error), error


def inpaint(url):
    """IOPaint's route by curl, as its users ask."""
    body = json.dumps({
        "image": "data:image/png;base64," + base64.b64encode(DIGIT.read_bytes()).decode(),
        "mask": "data:image/png;base64," + base64.b64encode(MASK.read_bytes()).decode(),
        "ldm_steps": 20, "hd_strategy": "Crop", "prompt": "", "sd_seed": 0,
    })
    data = subprocess.run(
        ["curl", "-sf", "-H", "Content-Type: application/json", "-d", "@-",
         f"{url}/api/v1/inpaint"], input=body.encode(), capture_output=True, check=True).stdout
    assert (pixels(data) == native(url, 1)[0][0]).all()


def embedding(url):
    """lightly-studio-serve's own conformance command."""
    command = Path(sys.executable).parent / "lightly-studio-serve"
    subprocess.run([command, "conformance", url], check=True)


def events(url):
    """httpx-sse: progress, then the plain answer."""
    body = {"image": base64.b64encode(DIGIT.read_bytes()).decode(), "region": "top-half", "samples": 16}
    plain = httpx.post(f"{url}/v1/impute", json=body, timeout=60).json()
    with httpx.Client(timeout=60) as client:
        with httpx_sse.connect_sse(client, "POST", f"{url}/v1/impute", json=body) as source:
            *progress, last = source.iter_sse()
    assert last.event == "result" and last.json() == plain
    assert progress and all(event.event == "progress" for event in progress)
    done = [event.json()["rows_done"] for event in progress]
    assert done == sorted(done) and done[0] == 0 and done[-1] <= progress[0].json()["rows"]


def documented(url):
    """schemathesis: requests made from the document, none of which may break the service or it."""
    command = Path(sys.executable).parent / "schemathesis"
    # It keeps what it has found where it runs.
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [command, "run", f"{url}/openapi.json", "--max-examples", "50", "--max-time", "120",
             "--workers", "1", "--checks", "not_a_server_error,status_code_conformance,"
             "content_type_conformance,response_schema_conformance", "--suppress-health-check",
             "all"], check=True, cwd=folder)


def metrics(url):
    """Prometheus' own parser for Python reads the numbers, and promtool, where it is installed, finds no fault."""
    text = urllib.request.urlopen(f"{url}/metrics").read()
    families = {
        family.name: family for family in prometheus_client.parser.text_string_to_metric_families(text.decode())}
    counted = sum(sample.value for sample in families["lacuna_requests"].samples)
    histogram = families["lacuna_request_duration_seconds"]
    assert histogram.type == "histogram" and counted > 0
    assert counted == sum(sample.value for sample in histogram.samples if sample.name.endswith("_count"))
    if not shutil.which("promtool"):
        print("promtool is not installed: the parser alone has checked /metrics")
        return
    subprocess.run(["promtool", "check", "metrics"], input=text, check=True)


def main():
    binary = sys.argv[1]
    wanted = sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        encoder = train_encoder(binary, folder)
        with serving(binary, [DIGITS, encoder]) as (url, process):
            for client in [triton, edits, inpaint, embedding, events, documented, metrics]:
                if wanted and client.__name__ not in wanted:
                    continue
                client(url)
                assert process.poll() is None, "the service has ended"
                print(f"{client.__name__}: as it should be", flush=True)


if __name__ == "__main__":
    main()
