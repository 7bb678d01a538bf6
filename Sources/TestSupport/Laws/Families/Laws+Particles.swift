import Models
import Platform
public import Tensors

extension Laws {
  /// An image that a stepper has made a copy of another goes on as that one would, by the full pass.
  ///
  /// - Parameter tolerance: of the largest parameter.
  public static func copiedImagesGoOnAsTheirSources(
    _ zoo: ZooInstance, _ precision: ElementType, tolerance: Float
  ) throws -> [String] {
    guard let model = try zoo.shaken().model as? any Autoregressive else {
      return ["not autoregressive"]
    }
    return copyDifferences(model, zoo, Pass(precision), tolerance)
  }

  private static func copyDifferences(
    _ model: some Autoregressive, _ zoo: ZooInstance, _ pass: Pass, _ tolerance: Float
  ) -> [String] {
    let (shape, pixels) = (zoo.shape, zoo.shape.pixelCount)
    let size = shape.channels
    let label: Int? = zoo.classCount > 0 ? zoo.classCount - 1 : nil
    let orders = [PixelOrder](repeating: model.orders[model.orders.count - 1], count: Tiles.size)
    let labels = [Int?](repeating: label, count: Tiles.size)
    var levels = zoo.batch(Tiles.size).levels.values
    // Every third image stays, and its two neighbours become copies of it, in several places of the image.
    let sources = (0..<Tiles.size).map { $0 % 3 == 1 || $0 == Tiles.size - 1 ? $0 : $0 / 3 * 3 + 1 }
    let stepper = model.stepper(labels: labels, orders: orders, pass)
    for pixel in 0..<pixels {
      if pixel % 4 == 2 || pixel == pixels - 1 {
        stepper.copyImages(sources)
        for (image, source) in sources.enumerated() {
          for place in 0..<pixel * size {
            levels[image * pixels * size + place] = levels[source * pixels * size + place]
          }
        }
      }
      if pixel % 3 != 1 {
        let batch = ImageBatch(
          levels: Tensor(levels, shape: [Tiles.size, shape.height, shape.width, size]),
          labels: zoo.classCount > 0 ? labels : nil)
        let full = model.parameters(of: batch, orders: orders, pass)
        let (width, expected) = (full.shape[-1], full.values)
        let values = stepper.nextParameters().values
        let worst = values.indices.map { place in
          let (image, i) = (place / width, place % width)
          return abs(values[place] - expected[(image * pixels + pixel) * width + i])
        }.reduce(Float(0)) { $1.isNaN ? .infinity : max($0, $1) }
        let largest = largest(expected)
        if worst > tolerance * largest {
          return ["pixel \(pixel) differs by \(worst), the largest parameter is \(largest)"]
        }
      }
      stepper.advance(
        (0..<Tiles.size).flatMap { image in
          (0..<size).map { levels[(image * pixels + pixel) * size + $0] }
        })
    }
    return []
  }

  /// Completions by particles keep known pixels, say that they are approximate and where not, carry an effective sample
  /// size within range, and depend on their request alone, whatever the company and the number of threads.
  public static func particlesDependOnRequestAlone(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken().model as? any Autoregressive else {
      return ["not autoregressive"]
    }
    let holes = holes(zoo.shape)
    var found: [String] = []
    for count in [1, 7, Tiles.size, Tiles.size + 30] {
      let requests = holedRequests(zoo, holes.map(\.missing)).enumerated().flatMap {
        index, request in
        (0..<2).map { sample in
          CompletionRequest(
            levels: request.levels, missing: request.missing, label: request.label,
            random: request.random.at(10 * index + sample), common: request.random)
        }
      }
      func fill(_ requests: [CompletionRequest], threads: Int = 2) -> [Completion] {
        withThreads(threads) {
          model.completions(
            requests, OrderedFilling(.auto, particles: count), temperature: 1, Pass(.fastest))
        }
      }
      let answers = fill(requests)
      let backwards = Array(fill(requests.reversed(), threads: 1).reversed())
      for (index, (request, answer)) in zip(requests, answers).enumerated() {
        let hole = holes[index / 2]
        let name = "\(hole.name), \(count) particles"
        let isExact = hole.comesLast(in: model.orders, zoo.shape)
        let outlook = model.outlook(hole.missing, OrderedFilling(.auto, particles: count))
        if outlook.isExact != isExact { found.append("\(name): exact is \(outlook.isExact)") }
        if outlook.method != (isExact ? "ordered" : "particles") {
          found.append("\(name): the method is \(outlook.method)")
        }
        let size = answer.effectiveSampleSize
        if isExact != (size == nil) || !(0.999...Double(count) + 0.001).contains(size ?? 1) {
          found.append("\(name): the effective sample size is \(size.map { "\($0)" } ?? "none")")
        }
        if !answer.logLikelihood.isFinite { found.append("\(name): \(answer.logLikelihood)") }
        for place in request.levels.indices where !request.missing[place / zoo.shape.channels] {
          if answer.levels[place] != request.levels[place] {
            found.append("\(name): the known value \(place) has changed")
          }
        }
        found += strayLevels(answer.levels, zoo.shape).map { "\(name): \($0)" }
        for (other, how) in [
          (fill([request])[0], "alone"), (backwards[index], "in another order, on one thread"),
        ] where !other.isSame(as: answer) {
          found.append("\(name): asked for \(how) it is filled otherwise")
        }
      }
    }
    return found
  }
}

extension Completion {
  fileprivate func isSame(as other: Completion) -> Bool {
    levels == other.levels && logLikelihood == other.logLikelihood
      && effectiveSampleSize == other.effectiveSampleSize
  }
}
