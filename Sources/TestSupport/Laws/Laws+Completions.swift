import Models
import Tensors

extension Laws {
  /// Completions keep known pixels and give levels in range; each depends on its request alone.
  ///
  /// An image that misses nothing is filled exactly.
  public static func completionsKeepKnownPixels(_ zoo: ZooInstance) throws -> [String] {
    let model = try Completer.quick(zoo.shaken().model)
    let holes = holes(zoo.shape)
    let requests = holedRequests(zoo, holes.map(\.missing))
    let answers = model.completions(requests, Pass(.fastest))
    guard answers.count == requests.count else { return ["\(answers.count) answers"] }
    var found =
      model.outlook(holes[0].missing).isExact ? [] : ["filling nothing is not called exact"]
    for (index, (request, answer)) in zip(requests, answers).enumerated() {
      let hole = holes[index]
      for place in request.levels.indices where !request.missing[place / zoo.shape.channels] {
        if answer.levels[place] != request.levels[place] {
          found.append("\(hole.name): the known value \(place) has changed")
        }
      }
      found += strayLevels(answer.levels, zoo.shape).map { "\(hole.name): \($0)" }
      if !request.missing.contains(true), answer.logLikelihood != 0 {
        found.append("\(hole.name): filling nothing has the log-likelihood \(answer.logLikelihood)")
      }
      let alone = model.completions([request], Pass(.fastest))[0]
      if alone.levels != answer.levels || alone.logLikelihood != answer.logLikelihood {
        found.append("\(hole.name): asked for alone it is filled otherwise")
      }
    }
    return found
  }

  /// Levels of missing pixels are never read.
  public static func missingPixelsAreNotRead(_ zoo: ZooInstance) throws -> [String] {
    let model = try Completer.quick(zoo.shaken().model)
    let holes = holes(zoo.shape)
    let requests = holedRequests(zoo, holes.map(\.missing))
    let spoilt = requests.map { request in
      CompletionRequest(
        levels: request.levels.enumerated().map { place, level in
          request.missing[place / zoo.shape.channels] ? Float(zoo.shape.levels - 1) - level : level
        }, missing: request.missing, label: request.label, random: request.random)
    }
    let first = model.completions(requests, Pass())
    let second = model.completions(spoilt, Pass())
    return holes.indices.compactMap { index in
      first[index].levels == second[index].levels
        && first[index].logLikelihood == second[index].logLikelihood
        ? nil : "\(holes[index].name): what stood in the hole changes its filling"
    }
  }

  /// A hole to try.
  struct Hole {
    let name: String
    let missing: [Bool]
    var count: Int { missing.count { $0 } }
    /// Whether in one of the orders no known pixel comes after a missing one.
    func comesLast(in orders: [PixelOrder], _ shape: ImageShape) -> Bool {
      orders.contains { order in
        let taken = order.pixels(height: shape.height, width: shape.width).map { missing[$0] }
        return !zip(taken, taken.dropFirst()).contains { $0 && !$1 }
      }
    }
  }

  static func holes(_ shape: ImageShape) -> [Hole] {
    let count = shape.pixelCount
    let random = RandomSource(seed: 8, purpose: .testing).uniforms(count)
    return [
      Hole(name: "no hole", missing: .init(repeating: false, count: count)),
      Hole(name: "all missing", missing: .init(repeating: true, count: count)),
      Hole(name: "the first half", missing: (0..<count).map { $0 < (count + 1) / 2 }),
      Hole(name: "the last half", missing: (0..<count).map { $0 >= count / 2 }),
      Hole(name: "the first pixel", missing: (0..<count).map { $0 == 0 }),
      Hole(name: "the last pixel", missing: (0..<count).map { $0 == count - 1 }),
      Hole(name: "scattered pixels", missing: random.map { $0 < 0.4 }),
      Hole(name: "the left half", missing: (0..<count).map { $0 % shape.width < shape.width / 2 }),
    ]
  }

  /// A request for each hole, each with an image, class and numbers of its own.
  static func holedRequests(_ zoo: ZooInstance, _ holes: [[Bool]]) -> [CompletionRequest] {
    let size = zoo.shape.dimensionCount
    let batch = zoo.batch(holes.count, seed: 21)
    let levels = batch.levels.values
    return holes.enumerated().map { index, missing in
      CompletionRequest(
        levels: Array(levels[index * size..<(index + 1) * size]), missing: missing,
        label: index % 3 == 2 ? nil : batch.labels[index],
        random: RandomSource(seed: 6, purpose: .sampling, index: UInt64(index)))
    }
  }
}
