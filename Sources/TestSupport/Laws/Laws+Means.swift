import Models
import Platform
import Tensors

extension Laws {
  /// The mean of all answers is the mean of many of them: of holes of one pixel, and where values are drawn from one posterior, of
  /// all. (Orders of an order-agnostic network agree only as far as it has learnt, and a shaken one has learnt nothing.)
  ///
  /// Known values stay, what stood in the hole is not read, and an answer depends on its own request alone.
  public static func completionMeansAreMeans(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken(deviation: 0.4).model as? any Scoring & Completing else {
      return ["no score"]
    }
    let completer = try Completer(model)
    let holes = holes(zoo.shape).filter { hole in
      hole.count == 1 || (hole.count > 0 && model is any MixtureModel)
    }
    let requests = holedRequests(zoo, holes.map(\.missing))
    let spoilt = requests.map { request in
      CompletionRequest(
        levels: request.levels.enumerated().map { place, level in
          request.missing[place / zoo.shape.channels] ? Float(zoo.shape.levels - 1) - level : level
        }, missing: request.missing, label: request.label, random: request.random.at(77))
    }
    guard let means = completer.means(requests, Pass()),
      let others = completer.means(spoilt.reversed(), Pass())
    else { return ["no means"] }
    var found =
      means == others.reversed() ? [] : ["what stood in a hole, or the company, changes a mean"]
    for (hole, (request, mean)) in zip(holes, zip(requests, means)) {
      let answers = completer.completions(
        (0..<6000).map { index in
          CompletionRequest(
            levels: request.levels, missing: request.missing, label: request.label,
            random: RandomSource(seed: 11, purpose: .sampling).at(index))
        }, Pass()
      ).map(\.levels)
      for place in mean.indices {
        let drawn = answers.map { Double($0[place]) }
        let average = drawn.reduce(0, +) / Double(drawn.count)
        let variance =
          drawn.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(drawn.count)
        let error = abs(average - Double(mean[place]))
        if error > 5 * sqrt(variance / Double(drawn.count)) + 1e-4 {
          found.append("\(hole.name): value \(place) has the mean \(mean[place]), draws \(average)")
        }
      }
    }
    return found
  }
}
