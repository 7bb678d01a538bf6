import Models
import Platform
import Tensors

extension Laws {
  /// Encodings have as many finite coordinates as are declared, and positive variances where these are declared.
  public static func encodingsAreFeatures(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken().model as? any Encoding else { return ["no encodings"] }
    let batch = zoo.batch(9, seed: 41, unknownLabels: true)
    return precisions.flatMap { precision -> [String] in
      let encodings = model.encodings(batch, Pass(precision))
      var found = breaches(of: encodings.means, count: 9, model, "means")
      if model.givesVariances != (encodings.variances != nil) {
        found.append("variances: declared \(model.givesVariances), given otherwise")
      }
      if let variances = encodings.variances {
        found += breaches(of: variances, count: 9, model, "variances")
        if !variances.values.allSatisfy({ $0 > 0 }) { found.append("a variance is not positive") }
      }
      return found.map { "\($0) (\(precision))" }
    }
  }

  /// An encoding depends on its image alone: not on the number of threads, and but for rounding not on other images.
  ///
  /// Other images have other ones.
  public static func encodingsDependOnImageAlone(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken().model as? any Encoding else { return ["no encodings"] }
    let batch = zoo.batch(7, seed: 42)
    func encode(_ batch: ImageBatch, threads: Int = 2) -> [[Float]] {
      let encodings = withThreads(threads) { model.encodings(batch, Pass()) }
      let parts = [encodings.means] + (encodings.variances.map { [$0] } ?? [])
      return rows(of: .concatenated(parts, axis: 1))
    }
    let whole = encode(batch)
    var found: [String] = []
    if encode(batch, threads: 1) != whole { found.append("one thread encodes otherwise") }
    if Set(whole).count < 7 { found.append("unlike images have the same encoding") }
    for index in 0..<7 {
      let alone = ImageBatch(
        levels: batch.levels.sliced(index..<index + 1, axis: 0), labels: [batch.labels[index]])
      let distance = distance(encode(alone)[0], whole[index])
      if !(distance < 1e-4) { found.append("image \(index) alone is encoded \(distance) away") }
    }
    return found
  }

  /// Decodings have the images' shape, and values in the range of levels.
  public static func decodingsAreImages(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken().model as? any Decoding else { return ["no decodings"] }
    let shape = zoo.shape
    return precisions.flatMap { precision -> [String] in
      // Far-off points too.
      let images = model.decodings(
        points(9, model) * 3, labels: zoo.labels(9), Pass(precision))
      var found: [String] = []
      if images.elementType != .float32
        || images.shape != [9, shape.height, shape.width, shape.channels]
      {
        found.append("they are \(images.elementType) \(images.shape)")
      }
      let values = images.values
      if !values.allSatisfy({ $0 >= 0 && $0 <= Float(shape.levels - 1) }) {
        found.append("values from \(values.min() ?? .nan) to \(values.max() ?? .nan)")
      }
      return found.map { "\($0) (\(precision))" }
    }
  }

  /// A decoding depends on its point and class alone: not on the number of threads, and but for rounding not on others.
  ///
  /// Other points have other ones.
  public static func decodingsDependOnPointAlone(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken(deviation: 0.3).model as? any Decoding else {
      return ["no decodings"]
    }
    let (points, labels) = (points(7, model), zoo.labels(7))
    func decode(_ points: Tensor, _ labels: [Int?], threads: Int = 2) -> [[Float]] {
      rows(of: withThreads(threads) { model.decodings(points, labels: labels, Pass()) })
    }
    let whole = decode(points, labels)
    var found: [String] = []
    if decode(points, labels, threads: 1) != whole { found.append("one thread decodes otherwise") }
    if Set(whole).count < 7 { found.append("unlike points have the same image") }
    for index in 0..<7 {
      let alone = decode(points.sliced(index..<index + 1, axis: 0), [labels[index]])[0]
      let distance = distance(alone, whole[index])
      if !(distance < 1e-4) { found.append("point \(index) alone is decoded \(distance) away") }
    }
    return found
  }

  /// Points that are drawn, and images from points that are given, depend on their request and point alone, byte by byte;
  /// other points have other images.
  public static func latentSamplesDependOnRequestAlone(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken(deviation: 0.3).model as? any LatentSampling else {
      return ["no points to draw from"]
    }
    let count = Tiles.size + 6
    let requests = zoo.requests(count)
    let points = points(count, model)
    return precisions.flatMap { precision -> [String] in
      func draw(_ range: Range<Int>, _ points: Tensor, threads: Int = 2) -> [[Float]] {
        withThreads(threads) {
          let rows = points.sliced(range, axis: 0)
          return zip(
            model.samples(
              Array(requests[range]), latents: rows, temperature: Temperature(pixels: 1),
              Pass(precision)),
            Self.rows(of: model.priorDraws(Array(requests[range]), temperature: 1))
          ).map { $0.levels + $1 }
        }
      }
      let whole = draw(0..<count, points)
      var found: [String] = []
      if draw(0..<count, points, threads: 1) != whole { found.append("one thread draws otherwise") }
      if draw(0..<1, points) + draw(1..<4, points) + draw(4..<count, points) != whole {
        found.append("several calls draw otherwise than one")
      }
      if draw(0..<count, points.flipped(axis: 0)) == whole {
        found.append("other points have the same images")
      }
      for (index, sample) in whole.enumerated() {
        let stray = strayLevels(Array(sample[..<zoo.shape.dimensionCount]), zoo.shape)
        if !stray.isEmpty { found.append("image \(index): \(stray[0])") }
      }
      return found.map { "\($0) (\(precision))" }
    }
  }

  /// To draw an image is to draw its point, and then the image from that point: the same bytes.
  public static func drawingIsPointThenImage(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken(deviation: 0.3).model as? any LatentSampling else {
      return ["no points to draw from"]
    }
    let count = Tiles.size + 6
    let requests = zoo.requests(count)
    return precisions.flatMap { precision -> [String] in
      [0.5, 1].flatMap { (temperature: Float) -> [String] in
        let pass = Pass(precision)
        let points = model.priorDraws(requests, temperature: temperature)
        var found = breaches(of: points, count: count, model, "points")
        if !found.isEmpty { return found }
        if Set(rows(of: points)).count < count { found.append("unlike requests draw one point") }
        let drawing = Temperature(temperature)
        let direct = model.samples(requests, temperature: drawing, pass).map(\.levels)
        let given = model.samples(requests, latents: points, temperature: drawing, pass)
        if given.map(\.levels) != direct { found.append("the images are others") }
        return found.map { "\($0) (temperature \(temperature), \(precision))" }
      }
    }
  }

  /// What is wrong with a tensor that should have finite rows of the latent space.
  private static func breaches(
    of points: Tensor, count: Int, _ model: any LatentSpace, _ what: String
  ) -> [String] {
    var found: [String] = []
    if points.elementType != .float32 || points.shape != [count, model.latentCount] {
      found.append("\(what) are \(points.elementType) \(points.shape)")
    }
    if !points.values.allSatisfy(\.isFinite) { found.append("\(what) are not finite") }
    return found
  }

  private static func points(_ count: Int, _ model: any LatentSpace) -> Tensor {
    RandomSource(seed: 43, purpose: .testing).normal([count, model.latentCount])
  }

  private static func rows(of tensor: Tensor) -> [[Float]] {
    let (values, count) = (tensor.values, tensor.shape[0])
    let size = values.count / count
    return (0..<count).map { Array(values[$0 * size..<($0 + 1) * size]) }
  }

  /// The largest difference as a share of the largest magnitude, or of 1.
  private static func distance(_ left: [Float], _ right: [Float]) -> Float {
    largest(zip(left, right).map { $0 - $1 }) / max(1, largest(right))
  }
}
