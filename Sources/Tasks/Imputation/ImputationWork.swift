import Files
import Images
import Models
import Training

/// A run under way: images that wait for their turn, and what is done.
struct ImputationWork {
  private let filler: HoleFiller
  private let options: ImputationOptions
  let plan: ImputationPlan
  let directory: OutputDirectory
  let journal: CompletionJournal
  private(set) var rows: [CompletionRow] = []
  private(set) var summary = ImputationSummary()
  /// What each image of this run was made from, by path.
  private(set) var digests: [ExactText: String] = [:]
  private(set) var masks: MaskTally
  private var pending: [(item: ImputationPlan.Item, image: HoledPicture, bytes: [UInt8])] = []
  /// Images that the model will draw for them, particles counted.
  private var pendingImages = 0
  private var pendingBytes = 0
  private var hasWarnedOfColour = false
  /// Some of what was drawn by short cuts, at most a tile.
  private var shortCuts: [HoleFiller.ShortCut] = []

  init(
    _ filler: HoleFiller, _ options: ImputationOptions, _ plan: ImputationPlan,
    _ directory: OutputDirectory, _ journal: CompletionJournal
  ) {
    self.filler = filler
    self.options = options
    self.plan = plan
    self.directory = directory
    self.journal = journal
    masks = MaskTally(plan.pairing)
  }

  /// Images that are read and not yet completed.
  var pendingCount: Int { pending.count }

  /// Whether enough images wait to be worth a pass.
  var isFull: Bool { pendingImages >= options.batchSize || pendingBytes >= Self.mostBytes }

  /// Large images go on sooner: what waits and is drawn takes about this much memory, one image more at most.
  private static let mostBytes = 128 << 20

  /// Reports and counts an input that is left out.
  mutating func skip(_ problem: String, _ reporter: TaskReporter) throws {
    summary.skipped += 1
    try reporter.skip(problem)
  }

  private mutating func skip(because error: any Error, _ reporter: TaskReporter) throws {
    summary.skipped += 1
    try reporter.skip(because: error)
  }

  /// Reads an image, unless an earlier run has done it from the same contents.
  mutating func take(_ item: ImputationPlan.Item, _ reporter: TaskReporter) throws {
    let content: ItemContent
    do {
      content = try ItemContent(item, of: plan.pairing)
    } catch {
      return try skip(because: error, reporter)
    }
    digests[item.relativePath] = content.digest
    if let former = formerRows(item, content.digest) {
      // Rows keep the order of paths: what waits comes first.
      try flush()
      summary.resumed += 1
      return count(former)
    }
    let (image, drawn): (HoledPicture, DrawnMask)
    do {
      (image, drawn) = try content.picture(item, of: plan.pairing, for: filler)
    } catch {
      return try skip(because: error, reporter)
    }
    masks.take(drawn, of: item.pair, reporter)
    warn(image, of: item, reporter)
    pending.append((item, image, image.mask.missingCount > 0 ? [] : content.imageBytes))
    // The samples of the image, and a level of four bytes for each completion of each.
    pendingBytes += image.image.pixels.count * (1 + 4 * item.outputs.count)
    pendingImages +=
      image.mask.missingCount > 0
      ? item.outputs.count * filler.imagesDrawn(for: image.mask) : 1
  }

  /// Completes the images that wait, writes their files and notes them in the journal.
  mutating func flush() throws {
    guard !pending.isEmpty else { return }
    // Whoever is killed now leaves no files of new contents that pass for those of the former ones.
    let changed = pending.map(\.item.relativePath).filter { journal.done[$0] != nil }
    summary.renewed += changed.count
    try journal.forget(changed)
    let outcome = try filler.fill(pending.map(\.image).filter { $0.mask.missingCount > 0 })
    shortCuts += outcome.shortCuts.prefix(Tiles.size - shortCuts.count)
    var next = zip(outcome.answers, outcome.means).map { (answers: $0, mean: $1) }[...]
    var added: [CompletionRow] = []
    for (item, image, bytes) in pending {
      if image.mask.missingCount > 0, let filled = next.popFirst() {
        added += try write(item, image, filled.answers, filled.mean)
      } else {
        added += try copy(item, image, bytes)
      }
    }
    try journal.append(added, digests: digests)
    pending = []
    pendingImages = 0
    pendingBytes = 0
    count(added)
  }

  private mutating func count(_ added: [CompletionRow]) {
    summary.images += added.count { $0.sample == 1 }
    summary.whole += added.count { $0.sample == 1 && $0.missingPixels == 0 }
    summary.completions += added.count
    summary.exact += added.count { $0.isExact }
    for row in added where row.missingPixels > 0 { summary.methods[row.method, default: 0] += 1 }
    rows += added
  }

  /// What fewer passes than missing pixels have cost; nil where that was not so.
  func stepCost() -> MeanEstimate? { filler.cost(of: shortCuts) }

  /// The rows of an image that an earlier run completed from the same contents and whose files are
  /// still there.
  private func formerRows(_ item: ImputationPlan.Item, _ digest: String) -> [CompletionRow]? {
    guard let former = journal.done[item.relativePath], former.map(\.output) == item.outputs,
      journal.digests[item.relativePath] == digest,
      item.files.allSatisfy({ FileSystem.isRegularFile(directory.file($0)) })
    else { return nil }
    return former
  }

  private func write(
    _ item: ImputationPlan.Item, _ picture: HoledPicture, _ answers: [HoleFiller.Answer],
    _ mean: Image?
  ) throws -> [CompletionRow] {
    for (output, answer) in zip(item.outputs, answers) { try write(answer.image, to: output) }
    if let place = item.mean, let mean { try write(mean, to: place) }
    if let uncertainty = item.uncertainty {
      let shape = filler.shape
      try write(
        PixelEntropy.picture(
          answers.map(\.levels), mask: picture.mask, channels: shape.channels,
          levels: shape.levels), to: uncertainty, as: .png)
    }
    return zip(item.outputs, answers).enumerated().map { sample, pair in
      CompletionRow(
        image: item.relativePath, output: pair.0, sample: sample + 1,
        missingPixels: picture.mask.missingCount, logLikelihood: pair.1.logLikelihood,
        isExact: pair.1.isExact, method: pair.1.method,
        effectiveSampleSize: pair.1.effectiveSampleSize)
    }
  }

  /// An image without a hole is passed on; a PNG as it stands, byte for byte.
  private func copy(
    _ item: ImputationPlan.Item, _ image: HoledPicture, _ bytes: [UInt8]
  ) throws -> [CompletionRow] {
    let path = plan.pairing.folder.path(of: item.pair.entry)
    let source = try ImageDecoder().information(bytes, path: path).fileFormat
    let keepsBytes = options.format == .png && source == .png
    for output in item.outputs + [item.mean].compactMap({ $0 }) {
      guard keepsBytes else {
        try write(image.image, to: output)
        continue
      }
      try directory.write(bytes, to: output)
    }
    if let uncertainty = item.uncertainty {
      let (width, height) = (image.image.width, image.image.height)
      try write(
        Image(width: width, height: height, format: .grey, filledWith: [0]), to: uncertainty,
        as: .png)
    }
    return item.outputs.enumerated().map { sample, output in
      CompletionRow(
        image: item.relativePath, output: output, sample: sample + 1, missingPixels: 0,
        logLikelihood: 0, isExact: true, method: "none")
    }
  }

  private func write(
    _ image: Image, to output: String, as format: ImageEncoder.Format? = nil
  ) throws {
    try ImageFile.write(
      image, to: directory.place(for: output),
      format: image.encoding(format ?? options.format))
  }

  private mutating func warn(
    _ image: HoledPicture, of item: ImputationPlan.Item, _ reporter: TaskReporter
  ) {
    guard image.mask.missingCount > 0 else { return }
    let path = plan.pairing.folder.path(of: item.pair.entry)
    if image.image.bitDepth == 16 {
      reporter.warn("\(path): has 16 bits a sample; its output has 8, rounded")
    }
    if !image.image.isGrey, filler.shape.channels == 1, !hasWarnedOfColour {
      hasWarnedOfColour = true
      reporter.warn("\(path): is in colour; this model fills holes with grey")
    }
  }
}
