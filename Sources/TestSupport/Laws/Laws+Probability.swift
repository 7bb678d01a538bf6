import Models
import Platform
import Tensors

extension Laws {
  /// The probabilities of all images there are sum to 1, for every class and for none.
  ///
  /// Those of a model that scores densities sum to the share of its samples that fall within the range of levels.
  public static func probabilitiesSumToOne(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken(deviation: 0.4).model as? any Scoring else {
      return ["no score"]
    }
    if model.scoreKind == .dequantizedDensity { return densitiesSumToShare(model, zoo) }
    return labelsAndNone(zoo).compactMap { label in
      let all = Enumeration.shaken(zoo, model, label: label)
      // Shared among many images, the draws would be too few for each.
      guard all.isExact || all.images.count <= 100 else { return nil }
      let total = all.total
      return abs(total - 1) < (all.isExact ? 2e-5 : 0.1)
        ? nil : "class \(label.map(String.init) ?? "none"): \(total)"
    }
  }

  /// The probabilities of all images there are sum to 1 under the mixture of several orders, too.
  public static func orderMixturesSumToOne(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken(deviation: 0.4).model as? any OrderAveraging else {
      return ["no orders"]
    }
    let images = Enumeration.images(zoo.shape)
    return labelsAndNone(zoo).flatMap { label -> [String] in
      let batch = ImageBatch(images, labels: images.map { _ in label }, shape: zoo.shape)
      return [1, min(3, model.orderCount)].compactMap { count in
        let total = model.scores(batch, orders: count, Pass()).reduce(0) { $0 + exp($1) }
        return abs(total - 1) < 2e-5
          ? nil : "class \(label.map(String.init) ?? "none"), \(count) orders: \(total)"
      }
    }
  }

  /// The probabilities of all images by their densities sum to the share of samples within the range of levels.
  private static func densitiesSumToShare(_ model: any Scoring, _ zoo: ZooInstance) -> [String] {
    guard let sampling = model as? any Sampling else { return ["no samples to compare with"] }
    guard model is any ImportanceScoring else {
      return [
        "scores are densities of dequantised images, whose exponentials do not sum to one: adopt ImportanceScoring, "
          + "where the mean density over the noise is an image's probability"
      ]
    }
    var largest: Double?
    var found = labelsAndNone(zoo).compactMap { label -> String? in
      let all = Enumeration.shaken(zoo, model, label: label)
      guard all.images.count <= 100 else { return nil }
      let samples = draw(sampling, label: label, temperature: 1)
      let share = Double(samples.count { !$0.isClamped }) / Double(samples.count)
      largest = max(largest ?? 0, share)
      let (total, count) = (all.total, Double(samples.count))
      let deviation = sqrt(max(share * (1 - share), 1 / count) / count)
      guard abs(total - share) > 5 * deviation + 0.03 * share else { return nil }
      return "class \(label.map(String.init) ?? "none"): \(total), but of samples \(share)"
    }
    // Where next to none are images, sums that are wrong would pass too.
    if let largest, largest < 0.02 { found.append("of the samples only \(largest) are images") }
    return found
  }

  /// A completion that is called exact, and follows the scores of whole images, has the likelihood p(image) / p(known pixels), both by counting.
  public static func completionLikelihoodIsConditional(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken(deviation: 0.4).model as? any Scoring & Completing,
      model.scoreKind == .exact
    else { return ["no exact score"] }
    let completer = try Completer(model)
    let channels = zoo.shape.channels
    return labelsAndNone(zoo).flatMap { label -> [String] in
      let all = Enumeration.shaken(zoo, model, label: label)
      return holes(zoo.shape).flatMap { hole -> [String] in
        let outlook = completer.outlook(hole.missing)
        guard outlook.isExact, outlook.followsScores else { return [] }
        let requests = (0..<6).map { index in
          CompletionRequest(
            levels: all.images[(index * 7919) % all.images.count], missing: hole.missing,
            label: label, random: RandomSource(seed: 9, purpose: .sampling).at(index))
        }
        return completer.completions(requests, Pass()).compactMap { answer in
          let expected =
            all.logMarginal(of: answer.levels) { _ in true }
            - all.logMarginal(of: answer.levels) { !hole.missing[$0 / channels] }
          guard abs(answer.logLikelihood - expected) > 2e-5 * max(1, abs(expected)) else {
            return nil
          }
          return "\(hole.name), class \(label.map(String.init) ?? "none"): "
            + "\(answer.logLikelihood) instead of \(expected)"
        }
      }
    }
  }

  /// Samples are as frequent as they are probable.
  ///
  /// Those of a density that fall outside of the range of levels are as frequent as all images together leave room for.
  public static func samplesFollowProbabilities(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken(deviation: 0.4).model as? any Scoring & Sampling else {
      return ["no score of samples"]
    }
    return labelsAndNone(zoo).compactMap { label in
      let all = Enumeration.shaken(zoo, model, label: label)
      // An estimate's own error would show among so many samples, or in so many images.
      guard all.isExact || all.images.count <= 16 else { return nil }
      // Of a density, few samples may be images.
      let isMany = all.isExact || model.scoreKind == .dequantizedDensity
      let samples = draw(model, label: label, temperature: 1, samples: isMany ? 20_000 : 2000)
      let within = samples.filter { !$0.isClamped }
      guard within.count == samples.count || model.scoreKind == .dequantizedDensity else {
        return "\(samples.count - within.count) samples are outside of the range of levels"
      }
      var counts = histogram(within.map(\.levels), all)
      var probabilities = all.logProbabilities.map(exp)
      if model.scoreKind == .dequantizedDensity {
        // What is left beside all images is as uncertain as their sum: too little of it would show that error alone.
        if 1 - all.total > 0.05 {
          counts.append(samples.count - within.count)
          probabilities.append(1 - all.total)
        } else {
          probabilities = probabilities.map { $0 / all.total }
        }
      }
      return ChiSquare.breach(counts: counts, probabilities: probabilities)
        .map { "class \(label.map(String.init) ?? "none"): \($0)" }
    }
  }

  /// Completions of a hole that is filled exactly are as frequent as p(image | known pixels).
  public static func completionsFollowConditional(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken(deviation: 0.4).model as? any Scoring & Completing,
      model.scoreKind == .exact
    else { return ["no exact score"] }
    let completer = try Completer(model)
    let (label, size) = (labelsAndNone(zoo).last ?? nil, zoo.shape.channels)
    let all = Enumeration.shaken(zoo, model, label: label)
    let known = all.images[all.images.count * 2 / 3]
    return holes(zoo.shape).compactMap { hole -> String? in
      let outlook = completer.outlook(hole.missing)
      guard hole.count > 0, outlook.isExact, outlook.followsScores else { return nil }
      let requests = (0..<6000).map { index in
        CompletionRequest(
          levels: known, missing: hole.missing, label: label,
          random: RandomSource(seed: 10, purpose: .sampling).at(index))
      }
      let answers = completer.completions(requests, Pass())
      let isKnown = { (place: Int) in !hole.missing[place / size] }
      let evidence = all.logMarginal(of: known, isKnown)
      let probabilities = all.images.indices.map { index in
        known.indices.allSatisfy { !isKnown($0) || known[$0] == all.images[index][$0] }
          ? exp(all.logProbabilities[index] - evidence) : 0
      }
      return ChiSquare.breach(
        counts: histogram(answers.map(\.levels), all), probabilities: probabilities
      ).map { "\(hole.name): \($0)" }
    }
  }

  /// A temperature raises every pixel's conditional distribution to the power of its inverse.
  ///
  /// For images of few levels without classes: a model may draw a class first, and many-valued pixels scale their spread.
  public static func temperatureSharpens(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken(deviation: 0.4).model as? any Scoring & Sampling,
      model.scoreKind == .exact
    else { return ["no exact score"] }
    let all = Enumeration.shaken(zoo, model, label: nil)
    let everything = [Bool](repeating: true, count: zoo.shape.pixelCount)
    let order = (model as? any OrderAgnostic)?.order(of: everything) ?? Array(everything.indices)
    return [0.5, 2].compactMap { temperature in
      let samples = draw(model, label: nil, temperature: Float(temperature))
      let counts = histogram(samples.map(\.levels), all)
      let probabilities = all.images.map { exp(all.sharpened($0, order, temperature: temperature)) }
      return ChiSquare.breach(counts: counts, probabilities: probabilities)
        .map { "temperature \(temperature): \($0)" }
    }
  }

  private static func draw(
    _ model: any Sampling, label: Int?, temperature: Float, samples: Int = 20_000
  ) -> [Sample] {
    let requests = (0..<samples).map { index in
      SampleRequest(label: label, random: RandomSource(seed: 12, purpose: .sampling).at(index))
    }
    // A model's own choice for pixels may be not to draw them.
    return model.samples(
      requests, temperature: Temperature(temperature, pixels: temperature), Pass())
  }

  /// How often each of the enumerated images occurs.
  private static func histogram(_ images: [[Float]], _ all: Enumeration) -> [Int] {
    var counts = [Int](repeating: 0, count: all.images.count)
    for image in images {
      counts[image.reduce(0) { $0 * all.shape.levels + Int($1) }] += 1
    }
    return counts
  }

  private static func labelsAndNone(_ zoo: ZooInstance) -> [Int?] {
    [nil] + (0..<zoo.classCount).map { $0 }
  }
}
