public import Images
public import Models
public import Tensors
import Training

/// Pictures of what a decoder makes of points of its latent space.
public struct LatentExplorer {
  private let model: any Decoding
  private let name: String
  private let pass = Pass()

  /// An explorer of this model.
  ///
  /// - Throws: `ModelError` where the model has no decoder.
  public init(_ model: any GenerativeModel) throws {
    guard let decoding = model as? any Decoding else {
      throw Zoo.lacking("decode", type(of: model))
    }
    self.model = decoding
    name = type(of: model).card.name
  }

  /// The features of an image.
  ///
  /// - Throws: `TaskError` where the image is not of the model's size, `ModelError` where the model cannot encode.
  public func encoding(of image: Image, path: String, label: Int?) throws -> [Float] {
    guard let encoder = model as? any Encoding else {
      throw Zoo.lacking("encode", type(of: model))
    }
    let shape = model.shape
    guard image.width == shape.width, image.height == shape.height else {
      throw TaskError(
        "\(path): is \(image.width)x\(image.height), but the model is one of "
          + "\(shape.width)x\(shape.height) images; resample it first")
    }
    let levels = PixelLevels.levels(of: image, shape: shape).map { Float($0) }
    let batch = ImageBatch([levels], labels: [model.classCount > 0 ? label : nil], shape: shape)
    return encoder.encodings(batch, pass).means.values
  }

  /// A draw from the prior.
  ///
  /// - Throws: `ModelError` where the model has none.
  public func priorDraw(label: Int?, random: RandomSource) throws -> [Float] {
    guard let model = model as? any LatentSampling else {
      throw ModelError(
        "'\(name)' has no distribution to draw latents from; give two images, or use a variational model"
      )
    }
    return model.priorDraws([SampleRequest(label: label, random: random)], temperature: 1).values
  }

  /// How far draws from the prior spread along each coordinate: their standard deviation, 1 where there is no prior.
  public func spreads(label: Int?) -> [Float] {
    guard let model = model as? any LatentSampling else {
      return [Float](repeating: 1, count: self.model.latentCount)
    }
    let count = 256
    let requests = (0..<count).map { index in
      SampleRequest(
        label: label, random: RandomSource(seed: 0, purpose: .sampling).at(index))
    }
    let draws = model.priorDraws(requests, temperature: 1)
    let mean = draws.mean(axis: 0, keepingAxis: true)
    return (draws - mean).squared().mean(axis: 0).squareRoot().values
  }

  /// The mean image at each point.
  ///
  /// - Throws: `EngineError.cannot` where the model's numbers are not finite.
  public func images(at points: [[Float]], label: Int?) throws(EngineError) -> [Image] {
    guard let width = points.first?.count else { return [] }
    let shape = model.shape
    let decoded = model.decodings(
      Tensor(points.flatMap { $0 }, shape: [points.count, width]),
      labels: [Int?](repeating: label, count: points.count), pass
    ).values
    guard decoded.allSatisfy(\.isFinite) else { throw .notFinite("images", model) }
    let size = shape.dimensionCount
    let top = Float(shape.levels - 1)
    // Means lie between levels; 256 of them show that.
    let shown = shape.with(levels: 256)
    return points.indices.map { index in
      PixelLevels.image(
        decoded[index * size..<(index + 1) * size].map {
          (min(top, max(0, $0)) / top * 255).rounded()
        }, shape: shown)
    }
  }

  /// Points that differ from one by one coordinate, a row for each of these coordinates.
  ///
  /// - Parameters:
  ///   - ranges: for every coordinate of the point, how far it moves to either side.
  public static func traversal(
    of point: [Float], coordinates: [Int], ranges: [Float], steps: Int
  ) -> [[[Float]]] {
    coordinates.map { coordinate in
      (0..<steps).map { step in
        var moved = point
        moved[coordinate] += ranges[coordinate] * (2 * Float(step) / Float(max(1, steps - 1)) - 1)
        return moved
      }
    }
  }

  /// The coordinates that change the picture most when they move as far as `ranges` to either side, the strongest
  /// first.
  public func strongest(
    at point: [Float], label: Int?, ranges: [Float], most: Int
  ) throws(EngineError) -> [Int] {
    let all = Array(point.indices)
    let changes = try all.map { coordinate throws(EngineError) -> Int in
      let ends = Self.traversal(of: point, coordinates: [coordinate], ranges: ranges, steps: 2)
      let pictures = try images(at: ends[0], label: label).map(\.pixels)
      return zip(pictures[0], pictures[1]).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    }
    return Array(all.sorted { (-changes[$0], $0) < (-changes[$1], $1) }.prefix(most))
  }
}
