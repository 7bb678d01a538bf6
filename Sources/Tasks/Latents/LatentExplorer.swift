public import Images
public import Models
public import Tensors
public import Training

/// Pictures of what a decoder makes of points of its latent space.
public struct LatentExplorer {
  private let model: any Decoding
  private let name: String
  private let pass = Pass()

  /// An explorer of this model.
  ///
  /// - Throws: `ModelError` where the model has no encoder and decoder.
  public init(_ model: any GenerativeModel) throws {
    guard let decoding = model as? any Decoding else {
      throw Zoo.lacking("encode", type(of: model))
    }
    self.model = decoding
    name = type(of: model).card.name
  }

  /// The features of an image.
  ///
  /// - Throws: `TaskError` where the image is not of the model's size.
  public func encoding(of image: Image, path: String, label: Int?) throws -> (
    means: [Float], variances: [Float]?
  ) {
    let shape = model.shape
    guard image.width == shape.width, image.height == shape.height else {
      throw TaskError(
        "\(path): is \(image.width)x\(image.height), but the model is one of "
          + "\(shape.width)x\(shape.height) images; resample it first")
    }
    let levels = PixelLevels.levels(of: image, shape: shape).map { Float($0) }
    let encoded = model.encodings(
      ImageBatch(
        levels: Tensor(levels, shape: [1, shape.height, shape.width, shape.channels]),
        labels: model.classCount > 0 ? [label] : nil), pass)
    return (encoded.means.values, encoded.variances?.values)
  }

  /// A draw from the prior.
  ///
  /// - Throws: `ModelError` where the model has none.
  public func priorDraw(label: Int?, random: RandomSource) throws -> [Float] {
    guard let model = model as? any LatentVariable else {
      throw ModelError(
        "'\(name)' has no distribution to draw latents from; give two images, or use a variational model"
      )
    }
    return model.priorDraws([SampleRequest(label: label, random: random)], temperature: 1).values
  }

  /// The mean image at each point.
  public func images(at points: [[Float]], label: Int?) -> [Image] {
    guard let width = points.first?.count else { return [] }
    let shape = model.shape
    let decoded = model.decodings(
      Tensor(points.flatMap { $0 }, shape: [points.count, width]),
      labels: [Int?](repeating: label, count: points.count), pass
    ).values
    let size = shape.dimensionCount
    let top = Float(shape.levels - 1)
    // Means lie between levels; 256 of them show that.
    let shown = ImageShape(
      height: shape.height, width: shape.width, channels: shape.channels, levels: 256)
    return points.indices.map { index in
      PixelLevels.image(
        decoded[index * size..<(index + 1) * size].map {
          (min(top, max(0, $0)) / top * 255).rounded()
        }, shape: shown)
    }
  }

  /// Points that differ from one by one coordinate, a row for each of these coordinates.
  public static func traversal(
    of point: [Float], coordinates: [Int], range: Float, steps: Int
  ) -> [[[Float]]] {
    coordinates.map { coordinate in
      (0..<steps).map { step in
        var moved = point
        moved[coordinate] += range * (2 * Float(step) / Float(max(1, steps - 1)) - 1)
        return moved
      }
    }
  }

  /// The coordinates that say most about an image, the surest first: those of the smallest variance; without variances
  /// the first ones.
  public static func surest(_ variances: [Float]?, of count: Int, most: Int) -> [Int] {
    let all = Array(0..<count)
    guard let variances else { return Array(all.prefix(most)) }
    return Array(all.sorted { (variances[$0], $0) < (variances[$1], $1) }.prefix(most))
  }
}
