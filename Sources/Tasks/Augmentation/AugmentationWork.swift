import Files
import Images
import Models
import Tensors
import Training

/// A run under way: places that wait for an image, and what is done.
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
  private let drawer: SampleDrawer
  private let neighbourhood: LatentNeighbourhood?
  private let shape: ImageShape
  private let plan: AugmentationPlan
  private let check: CopyCheck
  private let directory: OutputDirectory
  private let journal: RunJournal<AugmentationRow>
  /// What is done, for each class, by number once all is done.
  private(set) var rows: [[AugmentationRow]]
  /// Images that an earlier run had drawn.
  private(set) var resumed = 0
  private var waiting: [SamplePlace] = []
  private var tallies: [Tally]

  /// Takes over what an earlier run has done, and removes what the plan has no place for.
  init(
    _ options: AugmentationOptions, _ drawer: SampleDrawer,
    _ neighbourhood: LatentNeighbourhood?, _ plan: AugmentationPlan, _ check: CopyCheck,
    _ directory: OutputDirectory, _ journal: RunJournal<AugmentationRow>, shape: ImageShape
  ) throws {
    self.options = options
    self.drawer = drawer
    self.neighbourhood = neighbourhood
    self.shape = shape
    self.plan = plan
    self.check = check
    self.directory = directory
    self.journal = journal
    rows = plan.classes.map { _ in [] }
    tallies = plan.classes.map { _ in Tally() }
    var former = journal.done
    for (place, group) in plan.classes.enumerated() where group.count > 0 {
      try directory.place(for: group.file(1))
      for number in 1...group.count {
        let file = group.file(number)
        if let row = former.removeValue(forKey: ExactText(file))?.last,
          FileSystem.isRegularFile(directory.file(file))
        {
          rows[place].append(row)
          resumed += 1
        } else {
          waiting.append(SamplePlace(group: place, label: group.label, number: number))
          tallies[place].wanted += 1
        }
      }
    }
    for file in former.keys { try directory.remove(file.text) }
  }

  /// Draws until every place has its image.
  mutating func drawAll(_ reporter: TaskReporter, _ context: Context) throws {
    while !waiting.isEmpty {
      try drawSome()
      let done = plan.total - waiting.count
      reporter.progress(.init(done: done, total: plan.total))
      if context.isStopRequested, !waiting.isEmpty {
        throw Interrupted("interrupted after \(done) of \(plan.total) images; --resume goes on")
      }
      for (place, tally) in tallies.enumerated() { try check(tally, plan.classes[place]) }
    }
    for place in rows.indices { rows[place].sort { precedesInBytes($0.file, $1.file) } }
  }

  /// Writes `manifest.csv`: what is done, class by class.
  func writeManifest() throws {
    let lines = rows.joined().map { CSV.line($0.fields) }
    try directory.write(
      Array((CSV.line(AugmentationRow.header) + lines.joined()).utf8),
      to: AugmentationRow.resultsName)
  }

  /// Draws for the places that have waited longest; where they are few, several samples for each,
  /// of which the first good one counts: the model draws whole tiles anyway.
  private mutating func drawSome() throws {
    let places = Array(waiting.prefix(options.batchSize))
    waiting.removeFirst(places.count)
    let tries = max(1, min(Tiles.size, options.batchSize) / places.count)
    let asked = places.flatMap { place in (0..<tries).map { place.after(rejecting: $0) } }
    let random = asked.map { $0.random(seed: options.seed) }
    let points = neighbourhood.map { near in zip(asked, random).map { near.point($0, $1) } }
    let samples = try drawer.draw(
      zip(asked, random).map { SampleRequest(label: $0.label, random: $1) },
      latents: points?.map(\.latents))
    let matches = check.matches(samples.map(\.levels))
    var added: [(place: SamplePlace, row: AugmentationRow)] = []
    var kept: [DrawnSample] = []
    for (order, place) in places.enumerated() {
      let range = order * tries..<(order + 1) * tries
      if let good = range.first(where: { isGood(samples[$0], matches[$0], place) }) {
        tallies[place.group].kept += 1
        kept.append(samples[good])
        added.append((asked[good], row(asked[good], samples[good], matches[good], points?[good])))
      } else {
        waiting.append(place.after(rejecting: tries))
      }
    }
    try write(kept, added.map(\.row.file))
    try journal.append(added.map(\.row))
    for (place, row) in added { rows[place.group].append(row) }
  }

  /// Whether a sample is to be kept; counts it.
  private mutating func isGood(
    _ sample: DrawnSample, _ match: CopyCheck.Match, _ place: SamplePlace
  ) -> Bool {
    let isCopy = !options.allowsCopies && check.isCopy(match, of: place.group)
    let isWrong = sample.labelProbability.map { $0 < options.labelCheck ?? 0 } ?? false
    tallies[place.group].drawn += 1
    tallies[place.group].copies += isCopy ? 1 : 0
    return !isCopy && !isWrong
  }

  private func row(
    _ place: SamplePlace, _ sample: DrawnSample, _ match: CopyCheck.Match,
    _ point: LatentNeighbourhood.Point?
  ) -> AugmentationRow {
    let group = plan.classes[place.group]
    return AugmentationRow(
      file: group.file(place.number), label: group.name ?? "", seed: options.seed,
      logLikelihood: sample.logLikelihood, nearestOriginal: check.path(match.index),
      distance: match.distance, rejectedBefore: place.rejected,
      labelProbability: sample.labelProbability, encoderDistance: match.encoderDistance,
      drawnAround: point?.around ?? "", towards: point?.towards ?? "")
  }

  private func write(_ samples: [DrawnSample], _ files: [String]) throws {
    let paths = try files.map { try directory.place(for: $0) }
    let results = ThreadPool.map(Tiles.count(samples.count)) { [shape] tile in
      Result {
        for place in Tiles.range(tile, of: samples.count) {
          try ImageFile.write(
            PixelLevels.image(samples[place].levels, shape: shape), to: paths[place])
        }
      }
    }
    for result in results { try result.get() }
  }

  /// Ends a run that would not come to its end.
  private func check(_ tally: Tally, _ group: AugmentationPlan.Class) throws {
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
        + "\(advice). \(rows.reduce(0) { $0 + $1.count }) images are kept in \(directory.path)")
  }
}
