package import Layers
package import Models
package import Tensors
package import Training

/// The fixed classifier that judges training sets: three convolutions, a dense layer, dropout, softmax.
///
/// A 5x5 convolution of 32 channels, two 3x3 ones of 64, relu after each; they halve the image while its
/// shorter side is above 4. Then 128 dense features with relu, half of them dropped out while learning.
package struct SmallClassifier: JudgingClassifier {
  /// Weights stay.
  package static let weightDecay: Float = 0

  /// Its parameters.
  package let store: ParameterStore
  private let shape: ImageShape
  private let convolutions: [Convolution]
  private let dense: Linear
  private let output: Linear

  /// A classifier before it has learnt; `seed` decides its initial weights.
  package init(shape: ImageShape, classCount: Int, seed: UInt64) {
    self.shape = shape
    store = ParameterStore(seed: seed)
    let scope = store.root
    let gain = Float(2).squareRoot()
    var (height, width, inputs) = (shape.height, shape.width, shape.channels)
    var convolutions: [Convolution] = []
    for (number, (kernel, outputs)) in [(5, 32), (3, 64), (3, 64)].enumerated() {
      let stride = min(height, width) > 4 ? 2 : 1
      let side = kernel / 2
      convolutions.append(
        Convolution(
          scope / "convolution\(number)", inputs, outputs, kernel: (kernel, kernel),
          geometry: ConvolutionGeometry(
            top: side, left: side, bottom: side, right: side, stride: stride), gain: gain))
      (height, width) = ((height + stride - 1) / stride, (width + stride - 1) / stride)
      inputs = outputs
    }
    self.convolutions = convolutions
    dense = Linear(scope / "dense", height * width * inputs, 128, gain: gain)
    output = Linear(scope / "output", 128, classCount)
  }

  /// The penultimate layer, `[images, features]`.
  private func hidden(_ batch: ImageBatch, _ pass: Pass) -> Tensor {
    let scaled = batch.scaled(levelCount: shape.levels, to: pass.elementType)
    let features = convolutions.reduce(scaled) { x, convolution in convolution(x).relu() }
    let flat = features.reshaped(to: [batch.count, features.count / batch.count])
    return dense(flat).relu()
  }

  /// The unnormalised log-probabilities `[images, classes]`; with dropout where the pass has noise.
  package func logits(_ batch: ImageBatch, _ pass: Pass) -> Tensor {
    let hidden = hidden(batch, pass)
    return output(pass.noise.map { hidden.droppedOut(rate: 0.5, $0) } ?? hidden)
  }

  /// The penultimate layer of every image, one after the other: 128 numbers from 0, before any dropout.
  package func features(_ images: ImageDataset, _ precision: ElementType) -> [Float] {
    chunks(images) { hidden($0, Pass(precision)).values }
  }
}
