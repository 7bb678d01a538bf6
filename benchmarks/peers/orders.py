"""The orders in which lacuna's order-agnostic models take pixels: shuffles by Philox 4x32-10, addressed by seed, purpose and index."""
import numpy

ORDERS, MASKS = 9, 12  # purposes, as in Sources/Tensors/RandomSource.swift


def philox(counter, key):
    """Random words of some counters, both lists of arrays of 64 bits that hold 32."""
    low = numpy.uint64(0xFFFFFFFF)
    half = numpy.uint64(32)
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        first, second = numpy.uint64(0xD2511F53) * c0, numpy.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (second >> half) ^ c1 ^ k0, second & low, (first >> half) ^ c3 ^ k1, first & low
        k0, k1 = (k0 + numpy.uint64(0x9E3779B9)) & low, (k1 + numpy.uint64(0xBB67AE85)) & low
    return c0, c1, c2, c3


def uniforms(purpose, index, count, seed=0):
    """Uniform draws of a stream, float32 in the open interval of 0 and 1."""
    blocks = numpy.arange((count + 3) // 4, dtype=numpy.uint64)
    zeros = numpy.zeros_like(blocks)
    counter = (blocks, zeros + numpy.uint64(purpose), zeros + numpy.uint64(index), zeros)
    words = numpy.stack(philox(counter, (numpy.uint64(seed), numpy.uint64(0))), 1).reshape(-1)[:count]
    return ((words >> numpy.uint64(9)).astype(numpy.float32) + numpy.float32(0.5)) * numpy.float32(2**-23)


def permutation(purpose, index, count):
    """A shuffle of 0 ..< count."""
    order, draws = list(range(count)), uniforms(purpose, index, 2 * count)
    for place in range(count - 1, 0, -1):
        fine = float(draws[2 * place]) + float(draws[2 * place + 1]) * 2**-23 - 2**-24
        other = min(place, max(0, int(fine * (place + 1))))
        order[place], order[other] = order[other], order[place]
    return order


def order(number, pixels):
    """An order of all pixels; the first is the one in which a wholly missing image is filled."""
    return permutation(MASKS, 0, pixels) if number == 0 else permutation(ORDERS, number, pixels)
