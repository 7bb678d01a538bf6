import Files
public import Images

/// The images of a run, each with its mask and its outputs.
public struct ImputationPlan: Sendable {
  /// One image of a run.
  public struct Item: Sendable {
    /// The image and where its mask comes from.
    public let pair: MaskPairing.Pair
    /// The place of its class in the model, or nil.
    public let label: Int?
    /// The completions' paths within the output directory.
    public let outputs: [String]
    /// The path of the average of the completions, where that is asked for.
    public let mean: String?
    /// The path of the picture of each pixel's entropy, where that is asked for.
    public let uncertainty: String?

    /// Every path.
    var files: [String] { outputs + [mean, uncertainty].compactMap { $0 } }

    /// The path of the image, relative to the directory of images.
    public var relativePath: String { pair.entry.relativePath }
  }

  /// The images with their masks.
  public let pairing: MaskPairing
  /// The images in byte order of their relative paths.
  public private(set) var items: [Item]
  /// What is skipped from the start, with path and reason.
  public private(set) var problems: [String]
  /// Images whose class the model does not know, where it knows classes.
  public let withoutLabel: Int

  /// Plans the outputs of a pairing; `label` gives the class of an image.
  init(
    _ pairing: MaskPairing, options: ImputationOptions,
    label: (ImageFolder.Entry) -> Int?, countsLabels: Bool
  ) {
    self.pairing = pairing
    var problems = pairing.folder.problems.map(\.description) + pairing.errors.map(\.description)
    var places = OutputPlaces()
    var items: [Item] = []
    for pair in pairing.pairs {
      let path = pair.entry.relativePath
      let stem = FileSystem.withoutExtension(path)
      let ending = options.fileExtension
      let outputs =
        options.filling.samples == 1
        ? ["\(stem).\(ending)"] : (1...options.filling.samples).map { "\(stem).\($0).\(ending)" }
      let mean = options.writesMean ? "\(stem).mean.\(ending)" : nil
      let item = Item(
        pair: pair, label: label(pair.entry), outputs: outputs, mean: mean,
        uncertainty: options.writesUncertainty ? "\(stem).uncertainty.png" : nil)
      if let objection = places.take(item.files, for: path) {
        problems.append("\(pairing.folder.path(of: pair.entry)): \(objection)")
        continue
      }
      items.append(item)
    }
    self.items = items
    self.problems = problems
    withoutLabel = countsLabels ? items.count { $0.label == nil } : 0
  }

  /// A shard's block of the plan; the first one tells of what the plan leaves out.
  func block(_ shard: Shard) -> ImputationPlan {
    var block = self
    block.items = Array(items[shard.range(of: items.count)])
    if !shard.isFirst { block.problems = [] }
    return block
  }

  /// Equal where the same images are filled, in the same order, through masks of the same names and the same one for all.
  var fingerprint: String {
    let paths = items.flatMap { [$0.relativePath, $0.pair.maskPath ?? ""] }
    return ShardRecord.fingerprint(of: paths + [pairing.sharedDigest])
  }

  /// The same plan without images whose outputs cannot stand in a directory.
  func fitting(_ directory: OutputDirectory) -> ImputationPlan {
    var plan = self
    plan.items = []
    for item in items {
      if let obstacle = item.files.lazy.compactMap(directory.obstacle).first {
        plan.problems.append("\(pairing.folder.path(of: item.pair.entry)): \(obstacle)")
      } else {
        plan.items.append(item)
      }
    }
    return plan
  }
}
