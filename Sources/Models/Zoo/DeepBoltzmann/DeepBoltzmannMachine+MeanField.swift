import Layers
import Tensors

extension DeepBoltzmannMachine {
  /// Images beside a class each that they may be of.
  struct Guesses {
    /// Float32 `[perImage · images, pixels]`: all images with one class, then all with the next.
    let pixels: Tensor
    let labels: [Int?]
    /// Classes that an image is tried with: all, where that of any of them is not known.
    let perImage: Int
    /// 0, or far below where a class is known not to be the image's; float32 `[images, perImage]`.
    let possible: Tensor

    /// A row of each image of a value of each guess, those lowered that cannot be; float32 `[images, perImage]`.
    func ofImages(_ values: Tensor) -> Tensor {
      values.reshaped(to: [perImage, possible.shape[0]]).transposed() + possible
    }
  }

  /// Every image with its class, or where some class is not known with each.
  ///
  /// What an image comes to is the same either way: other classes than its own weigh nothing.
  func guesses(_ pixels: Tensor, _ labels: [Int?]) -> Guesses {
    guard classCount > 0, labels.contains(nil) else {
      return Guesses(
        pixels: pixels, labels: labels, perImage: 1,
        possible: Tensor(repeating: 0, shape: [labels.count, 1]))
    }
    return Guesses(
      pixels: pixels.repeatedRows(classCount),
      labels: (0..<classCount).flatMap { guess in labels.map { _ in guess } },
      perImage: classCount,
      possible: Tensor(
        labels.flatMap { label in
          (0..<classCount).map { label == nil || label == $0 ? 0 : -1e9 }
        }, shape: [labels.count, classCount]))
  }

  /// What pulls the first layer, of the class that is guessed; float32 `[rows, hidden]`.
  func lowerInputs(_ binary: Tensor, _ guesses: Guesses, _ pass: Pass = Pass()) -> Tensor {
    units.hiddenInputs(binary, of: guesses.labels, pass)
  }

  /// Means of the second layer by mean field (equations 8 to 10), which are constants, and their entropy.
  ///
  /// The first layer's means are never kept: given the second's, the best ones are known in closed form.
  func upperMeans(
    _ guesses: Guesses, updates: Int, _ pass: Pass
  ) -> (means: Tensor, entropy: Tensor) {
    let fixed = lowerInputs(guesses.pixels, guesses, pass).detached
    let machine = units.upperMachine(pass.elementType)
    var means = machine.visibleBias.sigmoid().reshaped(to: [1, configuration.second])
      .broadcast(to: [fixed.shape[0], configuration.second])
    for _ in 0..<updates {
      let lower = (fixed + machine.hiddenInputs(means)).sigmoid()
      means = (machine.visibleInputs(lower) + machine.visibleBias).sigmoid()
    }
    // H = softplus(z) - m z where m = sigmoid(z).
    let odds = means.clamped(1e-7, 1 - 1e-7)
    let entropy = -(odds * odds.log() + (1 - odds) * (1 - odds).log()).sum(axis: 1)
    return (means.detached, entropy.detached)
  }
}
