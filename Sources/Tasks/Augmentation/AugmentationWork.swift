import Files
import Images
import Models
import Tensors
import Training

/// A portion of a run under way: places that wait for an image, and what is done.
struct AugmentationWork {
  /// Samples of a class after which a run may find that nearly all are rejected.
  static let fewestSamples = 200
  /// The least share of samples that must be kept then.
  static let fewestKept = 0.02
  /// Samples for each image of a class, on average, after which a run gives up.
  static let mostSamplesPerImage = 20

  /// What this run has drawn of a class.
  private struct Tally {
    var wanted = 0
    var drawn = 0
    var kept = 0
    var copies = 0
  }

  private let options: AugmentationOptions
  private let portion: AugmentationPortion
  /// What is done, for each class, by number once all is done.
  private(set) var rows: [[AugmentationRow]]
  /// Images that an earlier run had made.
  private(set) var resumed = 0
  private var waiting: [SamplePlace] = []
  private var tallies: [Tally]

  /// The classes and how many images each gets.
  private var plan: AugmentationPlan { portion.plan }

  /// Takes over what an earlier run has done.
  ///
  /// - Parameter places: those that get an image, counted class by class, by number; nil: all.
  init(
    _ options: AugmentationOptions, _ portion: AugmentationPortion,
    _ store: inout some AugmentationStore, places: Range<Int>? = nil
  ) throws {
    self.options = options
    self.portion = portion
    rows = portion.plan.classes.map { _ in [] }
    tallies = portion.plan.classes.map { _ in Tally() }
    var before = 0
    for (place, group) in portion.plan.classes.enumerated() where group.count > 0 {
      defer { before += group.count }
      for number in 1...group.count where places?.contains(before + number - 1) ?? true {
        if let row = try store.takeDone(group.file(number)) {
          rows[place].append(row)
          resumed += 1
        } else {
          waiting.append(SamplePlace(group: place, label: group.label, number: number))
          tallies[place].wanted += 1
        }
      }
    }
  }

  /// Images that are there.
  private var madeCount: Int { rows.reduce(0) { $0 + $1.count } }

  /// Images that are still to be made.
  var waitingCount: Int { waiting.count }

  /// Makes images until every place has its own.
  ///
  /// - Parameter report: told of the images of this portion that are there.
  mutating func makeAll(
    _ store: inout some AugmentationStore, _ context: Context, report: (Int) -> Void
  ) throws {
    while !waiting.isEmpty {
      try makeSome(&store)
      let done = madeCount
      report(done)
      if context.isStopRequested, !waiting.isEmpty {
        let total = done + waiting.count
        throw Interrupted("interrupted after \(done) of \(total) images; --resume goes on")
      }
      for (place, tally) in tallies.enumerated() {
        try check(tally, plan.classes[place], store.title)
      }
    }
    for place in rows.indices { rows[place].sort { precedesInBytes($0.file, $1.file) } }
  }

  /// Makes images for the places that have waited longest; where samples may be rejected and places are few, several samples
  /// for each, of which the first good one counts: a model draws whole tiles anyway.
  private mutating func makeSome(_ store: inout some AugmentationStore) throws {
    let places = Array(waiting.prefix(options.batchSize))
    waiting.removeFirst(places.count)
    let tries =
      portion.check == nil ? 1 : max(1, min(Tiles.size, options.batchSize) / places.count)
    let asked = places.flatMap { place in (0..<tries).map { place.after(rejecting: $0) } }
    let made = try portion.maker.make(asked, asked.map { $0.random(seed: options.seed) })
    let matches = portion.check?.matches(made.map(\.levels))
    var kept: [(image: MadeImage, row: AugmentationRow)] = []
    for (order, place) in places.enumerated() {
      let range = order * tries..<(order + 1) * tries
      if let good = range.first(where: { isGood(made[$0], matches?[$0], place) }) {
        tallies[place.group].kept += 1
        let row = row(asked[good], made[good], matches?[good])
        kept.append((made[good], row))
        rows[place.group].append(row)
      } else {
        waiting.append(place.after(rejecting: tries))
      }
    }
    try store.keep(kept)
  }

  /// Whether a sample is to be kept; counts it.
  private mutating func isGood(
    _ sample: MadeImage, _ match: CopyCheck.Match?, _ place: SamplePlace
  ) -> Bool {
    let isCopy =
      !options.allowsCopies
      && match.map { portion.check?.isCopy($0, of: place.group) ?? false } ?? false
    let isWrong =
      portion.check != nil
      && sample.labelProbability.map { $0 < options.labelCheck ?? 0 } ?? false
    tallies[place.group].drawn += 1
    tallies[place.group].copies += isCopy ? 1 : 0
    return !isCopy && !isWrong
  }

  private func row(
    _ place: SamplePlace, _ made: MadeImage, _ match: CopyCheck.Match?
  ) -> AugmentationRow {
    let group = plan.classes[place.group]
    return AugmentationRow(
      file: group.file(place.number), label: group.name ?? "", seed: options.seed,
      logLikelihood: made.logLikelihood,
      nearestOriginal: match.flatMap { match in portion.check?.path(match.index) }
        ?? (made.distance == nil ? "" : made.origin ?? ""),
      distance: match?.distance ?? made.distance, rejectedBefore: place.rejected,
      labelProbability: made.labelProbability, encoderDistance: match?.encoderDistance,
      drawnAround: made.origin ?? "", towards: made.towards ?? "",
      origin: portion.maker.origin)
  }

  /// Ends a run that would not come to its end.
  private func check(
    _ tally: Tally, _ group: AugmentationPlan.Class, _ place: String
  ) throws {
    guard tally.kept < tally.wanted else { return }
    let isHopeless =
      tally.drawn >= Self.fewestSamples
      && Double(tally.kept) < Self.fewestKept * Double(tally.drawn)
    // Some samples are lost by chance, which counts where few images are wanted.
    let most = Self.mostSamplesPerImage * tally.wanted + Self.fewestSamples
    guard isHopeless || tally.drawn > most else { return }
    let others = tally.drawn - tally.kept - tally.copies
    let doubtful = others > 0 ? ", and \(others) do not look like their label" : ""
    let advice =
      tally.copies >= others
      ? "the model seems to have learnt its images by heart; train it on more images or for "
        + "fewer steps, raise --temperature, or keep copies with --allow-copies"
      : "lower --label-check, or train the model for longer"
    throw TaskError(
      "\(group.title): of \(tally.drawn) samples \(tally.copies) copy an original\(doubtful); "
        + "\(advice). \(rows.reduce(0) { $0 + $1.count }) images are kept in \(place)")
  }
}
