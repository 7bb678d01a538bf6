import Models
import Tensors

extension Laws {
  /// Samples have the image's shape, and levels are whole numbers in range; more than one level occurs.
  public static func samplesAreImages(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken().model as? any Sampling else { return ["no samples"] }
    let shape = zoo.shape
    let samples = model.samples(
      zoo.requests(9), temperature: Temperature(pixels: 1), Pass(.fastest))
    guard samples.count == 9, samples.allSatisfy({ $0.levels.count == shape.dimensionCount }) else {
      return ["\(samples.count) samples, not all of \(shape.dimensionCount) levels"]
    }
    let values = samples.flatMap(\.levels)
    var found = strayLevels(values, shape)
    if Set(values).count < 2 { found.append("every level is \(values[0])") }
    return found
  }

  /// Same seed, same bytes: an image depends neither on the images asked for with it, nor on their order, nor on the
  /// number of threads.
  public static func samplesDependOnRequestAlone(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken().model as? any Sampling else { return ["no samples"] }
    let requests = zoo.requests(Tiles.size + 6)
    let size = zoo.shape.dimensionCount
    return precisions.flatMap { precision -> [String] in
      func draw(_ requests: some Sequence<SampleRequest>, threads: Int = 2) -> [Float] {
        withThreads(threads) {
          model.samples(Array(requests), temperature: Temperature(pixels: 1), Pass(precision))
            .flatMap(\.levels)
        }
      }
      let whole = draw(requests)
      var found: [String] = []
      if draw(requests, threads: 1) != whole { found.append("one thread draws other images") }
      if draw(requests[..<1]) + draw(requests[1..<4]) + draw(requests[4...]) != whole {
        found.append("several calls draw other images than one")
      }
      let backwards = draw(requests.reversed())
      let turned = stride(from: backwards.count - size, through: 0, by: -size)
        .flatMap { backwards[$0..<$0 + size] }
      if turned != whole { found.append("another order draws other images") }
      let other = zoo.requests(requests.count, seed: 4)
      if size > 4, draw(other) == whole { found.append("another seed draws the same images") }
      return found.map { "\($0) (\(precision))" }
    }
  }

  /// Levels that are not whole numbers in `0 ..< shape.levels`.
  static func strayLevels(_ values: [Float], _ shape: ImageShape) -> [String] {
    values.enumerated().compactMap { place, value in
      let isLevel = value >= 0 && value < Float(shape.levels) && value == value.rounded()
      return isLevel ? nil : "value \(place) is \(value)"
    }
  }
}
