import Files
import Images
import Models
import Training

/// A run under way: images that wait for their turn, and what is done.
struct ImputationWork {
  let imputer: Imputer
  let plan: ImputationPlan
  let directory: OutputDirectory
  let journal: CompletionJournal
  private(set) var rows: [CompletionRow] = []
  private(set) var summary = Imputer.Summary()
  private var pending: [(item: ImputationPlan.Item, image: HoledImage)] = []
  /// Images that the model will draw for them, particles counted.
  private var pendingImages = 0
  private var hasWarnedOfColour = false
  private var filling: HoleFilling

  init(
    _ imputer: Imputer, _ plan: ImputationPlan, _ directory: OutputDirectory,
    _ journal: CompletionJournal
  ) {
    self.imputer = imputer
    self.plan = plan
    self.directory = directory
    self.journal = journal
    filling = HoleFilling(imputer.model, imputer.options)
  }

  /// Images that are read and not yet completed.
  var pendingCount: Int { pending.count }

  /// Whether enough images wait to be worth a pass.
  var isFull: Bool { pendingImages >= imputer.options.batchSize }

  /// Reports and counts an input that is left out.
  mutating func skip(_ problem: String, _ reporter: TaskReporter) throws {
    summary.skipped += 1
    try reporter.skip(problem)
  }

  /// Reads an image, unless an earlier run has done it.
  mutating func take(_ item: ImputationPlan.Item, _ reporter: TaskReporter) throws {
    if let former = formerRows(item) {
      // Rows keep the order of paths: what waits comes first.
      try flush()
      summary.resumed += 1
      count(former)
      return
    }
    let image: HoledImage
    do {
      image = try HoledImage(item, of: plan.pairing)
      if image.mask.missingCount > 0 { try image.check(fits: imputer.model.shape) }
    } catch {
      return try skip("\(error)", reporter)
    }
    warn(image, reporter)
    pending.append((item, image))
    pendingImages +=
      image.mask.missingCount > 0
      ? item.outputs.count * imputer.imagesDrawn(for: image.mask) : 1
  }

  /// Completes the images that wait, writes their files and notes them in the journal.
  mutating func flush() throws {
    guard !pending.isEmpty else { return }
    var next = try filling.completions(pending.filter { $0.image.mask.missingCount > 0 })[...]
    var added: [CompletionRow] = []
    for (item, image) in pending {
      if image.mask.missingCount > 0, let completions = next.popFirst() {
        added += try write(item, image, completions)
      } else {
        added += try copy(item, image)
      }
    }
    try journal.append(added)
    pending = []
    pendingImages = 0
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
  func stepCost() -> MeanEstimate? {
    guard let model = imputer.model as? AnyOrder, !filling.stepped.isEmpty else { return nil }
    let costs = model.stepCosts(
      filling.stepped.map(\.request), filling.stepped.map(\.completion.levels),
      Pass(imputer.options.precision))
    return MeanEstimate(of: costs)
  }

  /// The rows of an image that an earlier run completed and whose files are still there.
  private func formerRows(_ item: ImputationPlan.Item) -> [CompletionRow]? {
    guard let former = journal.done[item.relativePath], former.map(\.output) == item.outputs,
      item.files.allSatisfy({ FileSystem.isRegularFile(directory.file($0)) })
    else { return nil }
    return former
  }

  private func write(
    _ item: ImputationPlan.Item, _ image: HoledImage, _ completions: [Completion]
  ) throws -> [CompletionRow] {
    let fillings = completions.map { image.filled(with: $0.levels, shape: imputer.model.shape) }
    for (output, filling) in zip(item.outputs, fillings) { try write(filling, to: output) }
    if let mean = item.mean { try write(image.averaged(fillings), to: mean) }
    if let uncertainty = item.uncertainty {
      let shape = imputer.model.shape
      try write(
        PixelEntropy.picture(
          completions.map(\.levels), mask: image.mask, channels: shape.channels,
          levels: shape.levels), to: uncertainty, as: .png)
    }
    let isPlain = imputer.options.temperature == 1
    return zip(item.outputs, completions).enumerated().map { sample, pair in
      CompletionRow(
        image: item.relativePath, output: pair.0, sample: sample + 1,
        missingPixels: image.mask.missingCount, logLikelihood: pair.1.logLikelihood,
        isExact: pair.1.isExact && isPlain, method: pair.1.method,
        effectiveSampleSize: pair.1.effectiveSampleSize)
    }
  }

  /// An image without a hole is passed on; a PNG as it stands, byte for byte.
  private func copy(_ item: ImputationPlan.Item, _ image: HoledImage) throws -> [CompletionRow] {
    let source = try ImageFile.information(image.path).fileFormat
    let keepsBytes = imputer.options.format == .png && source == .png
    for output in item.outputs + [item.mean].compactMap({ $0 }) {
      guard keepsBytes else {
        try write(image.image, to: output)
        continue
      }
      try directory.write(FileSystem.readBytes(image.path), to: output)
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
      format: image.encoding(format ?? imputer.options.format))
  }

  private mutating func warn(_ image: HoledImage, _ reporter: TaskReporter) {
    guard image.mask.missingCount > 0 else { return }
    if image.image.bitDepth == 16 {
      reporter.warn("\(image.path): has 16 bits a sample; its output has 8, rounded")
    }
    if image.image.format.hasColour, imputer.model.shape.channels == 1, !hasWarnedOfColour {
      hasWarnedOfColour = true
      reporter.warn("\(image.path): is in colour; this model fills holes with grey")
    }
  }
}
