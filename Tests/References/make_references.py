"""Writes references.safetensors: inputs, outputs and gradients of PyTorch, which the tests compare with.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0+cpu numpy safetensors
    venv/bin/python make_references.py

Images are NHWC here and NCHW in PyTorch; weights of convolutions are stored as PyTorch stores them. Every
case `name` has `name/input`, its parameters, `name/output`, `name/weight` (what the output is projected on to
get a scalar) and `name/gradient/...` of that scalar.
"""

import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

torch.manual_seed(20)
arrays = {}


def channels_last(tensor):
    return tensor.permute(0, 2, 3, 1).contiguous()


def case(name, function, *, image=False, **inputs):
    """Evaluates in float64 and stores as float32, so that the reference's own rounding does not count."""
    wide = {key: value.double().requires_grad_() for key, value in inputs.items()}
    output = function(**wide)
    weight = torch.randn(output.shape).double()
    (output * weight).sum().backward()
    stored = {"output": output.detach(), "weight": weight}
    for key, value in wide.items():
        stored[key] = value.detach()
        stored[f"gradient/{key}"] = value.grad
    for key, value in stored.items():
        if image and key in ("input", "output", "weight", "gradient/input"):
            value = channels_last(value)
        arrays[f"{name}/{key}"] = value.float().contiguous()


def image(*shape):
    return torch.randn(*shape)


case("convolution", lambda input, kernel, bias: F.conv2d(input, kernel, bias, padding=1), image=True,
     input=image(2, 3, 6, 5), kernel=torch.randn(4, 3, 3, 3), bias=torch.randn(4))
case("convolution/strided", lambda input, kernel, bias: F.conv2d(input, kernel, bias, stride=2, padding=1),
     image=True, input=image(2, 3, 7, 8), kernel=torch.randn(5, 3, 4, 4), bias=torch.randn(5))
case("convolution/dilated", lambda input, kernel: F.conv2d(input, kernel, padding=2, dilation=2), image=True,
     input=image(2, 2, 6, 7), kernel=torch.randn(3, 2, 3, 3))
case("convolution/transposed",
     lambda input, kernel, bias: F.conv_transpose2d(input, kernel, bias, stride=2, padding=1), image=True,
     input=image(2, 3, 4, 3), kernel=torch.randn(3, 2, 4, 4), bias=torch.randn(2))
case("linear", lambda input, matrix, bias: F.linear(input, matrix, bias), input=torch.randn(5, 7),
     matrix=torch.randn(3, 7), bias=torch.randn(3))
case("layer_norm", lambda input, scale, bias: F.layer_norm(input, (6,), scale, bias), input=torch.randn(4, 6),
     scale=torch.randn(6), bias=torch.randn(6))
case("group_norm", lambda input, scale, bias: F.group_norm(input, 3, scale, bias), image=True,
     input=image(2, 6, 4, 3), scale=torch.randn(6), bias=torch.randn(6))
case("softmax", lambda input: F.softmax(input, -1), input=torch.randn(4, 9))
case("log_softmax", lambda input: F.log_softmax(input, -1), input=torch.randn(4, 9))
case("logsumexp", lambda input: torch.logsumexp(input, 1), input=torch.randn(3, 5, 4))

wide_range = torch.linspace(-6, 6, 40)
for name, function in {
    "tanh": torch.tanh, "sigmoid": torch.sigmoid, "softplus": F.softplus, "relu": F.relu, "silu": F.silu,
    "elu": F.elu, "leaky_relu": lambda input: F.leaky_relu(input, 0.2), "logsigmoid": F.logsigmoid,
    "exp": torch.exp,
}.items():
    case(name, lambda input, function=function: function(input), input=wide_range)

targets = torch.rand(4, 5)
arrays["bce_with_logits/targets"] = targets
case("bce_with_logits",
     lambda input: F.binary_cross_entropy_with_logits(input, targets.double(), reduction="none"),
     input=3 * torch.randn(4, 5))
classes = torch.tensor([2, 0, 6, 3, 3])
arrays["cross_entropy/targets"] = classes.float()
case("cross_entropy", lambda input: F.cross_entropy(input, classes, reduction="none"), input=3 * torch.randn(5, 7))


def optimizer(name, steps, make):
    parameter = torch.nn.Parameter(torch.randn(12))
    gradients = torch.randn(steps, 12)
    arrays[f"{name}/start"] = parameter.detach().clone()
    arrays[f"{name}/gradients"] = gradients
    rule, path = make([parameter]), []
    for gradient in gradients:
        parameter.grad = gradient.clone()
        rule.step()
        path.append(parameter.detach().clone())
    arrays[f"{name}/path"] = torch.stack(path)


optimizer("adam", 6, lambda parameters: torch.optim.Adam(parameters, lr=0.01, betas=(0.9, 0.99), eps=1e-8))
optimizer("adamw", 6, lambda parameters: torch.optim.AdamW(
    parameters, lr=0.02, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.1))


def recurrent(make, gates, input, matrix, bias):
    """PyTorch's own cell, which gets its inputs' products ready made; `gates` is the order of ours in theirs."""
    units = matrix.shape[1]
    cell = make(len(gates) * units, units, batch_first=True).double()
    order = torch.cat([torch.arange(units) + units * gate for gate in gates])
    weights = {"weight_ih_l0": torch.eye(len(order)).double()[order], "bias_ih_l0": torch.zeros(len(order)).double(),
               "weight_hh_l0": matrix[order], "bias_hh_l0": bias[order]}
    return torch.func.functional_call(cell, weights, (input,))[0]


def gated_recurrence(input, matrix, bias):
    return recurrent(torch.nn.GRU, [0, 1, 2], input, matrix, torch.cat([torch.zeros(12).double(), bias]))


def memory(input, matrix):
    """[steps, batch, 1, gates] as i, f, o, g, the forget gate raised by one."""
    raised = torch.zeros(20).double()
    raised[5:10] = 1
    rows = input.squeeze(2).transpose(0, 1)
    return recurrent(torch.nn.LSTM, [0, 1, 3, 2], rows, matrix[:, :, 0, 0], raised).transpose(0, 1).unsqueeze(2)


def convolutional_memory(input, kernel):
    steps, batch, places, gates = input.shape
    state = cell = torch.zeros(batch, places, gates // 4).double()
    states = []
    for sums in input:
        product = F.conv1d(state.transpose(1, 2), kernel.squeeze(2), padding=1).transpose(1, 2)
        i, f, o, g = (sums + product).chunk(4, -1)
        cell = torch.sigmoid(f + 1) * cell + torch.sigmoid(i) * torch.tanh(g)
        state = torch.sigmoid(o) * torch.tanh(cell)
        states.append(state)
    return torch.stack(states)


def attention(input, keys, values):
    """Each place attends to those before it; the first gets zeros."""
    places = input.shape[1]
    mask = torch.ones(places - 1, places - 1, dtype=torch.bool).tril()
    seen = F.scaled_dot_product_attention(input[:, 1:], keys[:, :-1], values[:, :-1], attn_mask=mask)
    return F.pad(seen, (0, 0, 1, 0))


def carried_units(input, start, matrix, outputs):
    sums = []
    for pixel in range(input.shape[1]):
        sums.append(torch.sigmoid(start) @ outputs[pixel].T)
        start = start + input[:, pixel] @ matrix[pixel]
    return torch.stack(sums, 1)


case("gated_recurrence", gated_recurrence, input=torch.randn(3, 5, 18), matrix=torch.randn(18, 6), bias=torch.randn(6))
case("memory", memory, input=torch.randn(6, 3, 1, 20), matrix=torch.randn(20, 5, 1, 1))
case("convolutional_memory", convolutional_memory, input=torch.randn(4, 2, 5, 12), kernel=torch.randn(12, 3, 1, 3))
case("attention", attention, input=torch.randn(2, 21, 4), keys=torch.randn(2, 21, 4), values=torch.randn(2, 21, 6))
case("carried_units", carried_units, input=torch.randn(3, 7, 2), start=torch.randn(3, 18),
     matrix=torch.randn(7, 2, 18), outputs=torch.randn(7, 3, 18))



def adversarial(real_loss, drawn_loss):
    """The discriminator's loss: the sum of both means."""
    return lambda real, drawn: (real_loss(real) + drawn_loss(drawn)).reshape(1)


def cross_entropy(label):
    return lambda values: F.binary_cross_entropy_with_logits(values, torch.full_like(values, label))


def squares(target):
    return lambda values: 0.5 * F.mse_loss(values, torch.full_like(values, target))


values = {"real": torch.randn(9, 1), "drawn": torch.randn(9, 1)}
case("adversarial/minimax/discriminator", adversarial(cross_entropy(1.0), cross_entropy(0.0)), **values)
case("adversarial/least-squares/discriminator", adversarial(squares(0.9), squares(-0.8)), **values)
case("adversarial/minimax/generator", lambda drawn: -cross_entropy(0.0)(drawn).reshape(1), drawn=values["drawn"])
case("adversarial/non-saturating/generator", lambda drawn: cross_entropy(1.0)(drawn).reshape(1), drawn=values["drawn"])
case("adversarial/least-squares/generator", lambda drawn: squares(0.3)(drawn).reshape(1), drawn=values["drawn"])

save_file(arrays, pathlib.Path(__file__).with_name("references.safetensors"),
          {"torch": torch.__version__.split("+")[0]})
