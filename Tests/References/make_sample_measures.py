"""Writes sample_measures.safetensors: measures of sets of rows by NumPy in float64, pair by pair, which the tests compare with.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0+cpu numpy safetensors
    venv/bin/python make_sample_measures.py
"""

import pathlib

import numpy as np
import torch
from safetensors.numpy import save_file

generator = np.random.default_rng(7)
arrays = {}


def rows(count, mixing, shift):
    """Rows that no rounding to float32 changes any more."""
    values = generator.normal(size=(count, mixing.shape[0])) @ mixing + shift
    return values.astype(np.float32).astype(np.float64)


def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T


def frechet(left, right):
    first, second = np.cov(left.T), np.cov(right.T)
    half = root(first)
    means = ((left.mean(0) - right.mean(0)) ** 2).sum()
    return means + np.trace(first) + np.trace(second) - 2 * np.trace(root(half @ second @ half))


def kernel(left, right):
    return (left @ right.T / left.shape[1] + 1) ** 3


def kernel_distance(left, right):
    n, m = len(left), len(right)
    own_left = (kernel(left, left).sum(1) - np.diag(kernel(left, left))) / (n - 1)
    own_right = (kernel(right, right).sum(1) - np.diag(kernel(right, right))) / (m - 1)
    across = kernel(left, right)
    of_left, of_right = own_left - across.mean(1), own_right - across.mean(0)
    value = own_left.mean() + own_right.mean() - 2 * across.mean()
    variance = 4 * of_left.var(ddof=1) / n + 4 * of_right.var(ddof=1) / m
    return value, np.sqrt(variance)


def distances(left, right):
    return np.sqrt(((left[:, None] - right[None]) ** 2).sum(2))


def manifold(generated, real):
    def radius(rows, k):
        return np.sort(distances(rows, rows), axis=1)[:, k]

    across = distances(generated, real)
    precision = (across <= radius(real, 3)[None]).any(1).mean()
    recall = (across <= radius(generated, 3)[:, None]).any(0).mean()
    density = (across <= radius(real, 5)[None]).sum() / (5 * len(generated))
    coverage = (across.min(0) <= radius(real, 5)).mean()
    return precision, recall, density, coverage


def parzen(centres, test, width):
    exponents = -distances(test, centres) ** 2 / (2 * width**2)
    top = exponents.max(1)
    sums = top + np.log(np.exp(exponents - top[:, None]).sum(1))
    dimensions = centres.shape[1]
    return sums - np.log(len(centres)) - dimensions * np.log(width * np.sqrt(2 * np.pi))


symmetric = generator.normal(size=(24, 24))
symmetric = symmetric + symmetric.T
arrays["eigen/matrix"] = symmetric
arrays["eigen/values"] = np.linalg.eigvalsh(symmetric)

mixing = generator.normal(size=(12, 12)) / 3
left = rows(90, mixing, 0)
right = rows(70, mixing + generator.normal(size=(12, 12)) / 4, 0.5)
arrays["sets/left"], arrays["sets/right"] = left, right
arrays["sets/frechet"] = np.array([frechet(left, right)])
arrays["sets/kernel"] = np.array(kernel_distance(left, right))
arrays["sets/manifold"] = np.array(manifold(left, right))
arrays["sets/variances"] = np.linalg.eigvalsh(np.cov(left.T))[::-1]

centres, validation, test = (rows(count, np.eye(6) / 4, 0.5) for count in (200, 50, 40))
widths = 0.01 * 1.12 ** np.arange(49)
scores = [parzen(centres, validation, width).mean() for width in widths]
best = widths[int(np.argmax(scores))]
measured = parzen(centres, test, best)
arrays["parzen/centres"], arrays["parzen/validation"], arrays["parzen/test"] = centres, validation, test
arrays["parzen/result"] = np.array([best, measured.mean(), measured.std(ddof=1) / np.sqrt(len(test))])

cases = [(1, 0.5), (9, 3.0), (9, 21.7), (2, 40.0), (19, 19.0)]
arrays["chi/cases"] = np.array(cases)
arrays["chi/probabilities"] = np.array([
    float(torch.special.gammaincc(torch.tensor(k / 2, dtype=torch.float64), torch.tensor(x / 2, dtype=torch.float64)))
    for k, x in cases
])

path = pathlib.Path(__file__).parent / "sample_measures.safetensors"
save_file({name: np.ascontiguousarray(array, dtype=np.float32) for name, array in arrays.items()}, path)
