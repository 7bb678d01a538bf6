import Files
import Images
import Models
import Tensors
import Training

/// The images that holes are cut into: the first usable ones of a seeded shuffle.
struct EvaluationSample {
  /// One image, as the model sees it.
  struct Image {
    let entry: ImageFolder.Entry
    let path: String
    let picture: Images.Image
    let levels: [Float]
    let label: Int?
  }

  /// Masks, and which image each belongs to, by the image's relative path.
  private struct Masks {
    let pairing: MaskPairing
    let pairs: [ExactText: MaskPairing.Pair]
  }

  let images: [Image]
  /// The paths of all images of the sample, where this is a shard's block of it.
  let all: [String]
  private let pairings: [MaskSource: Masks]
  private let seed: UInt64

  /// Reads images until there are enough; those that cannot be used are reported.
  ///
  /// - Parameter shard: the block of the sample that is kept, of which the first one reports; nil: all.
  init(
    _ folder: ImageFolder, holes: [EvaluationHole], of file: ModelFile, count: Int, seed: UInt64,
    shard: Shard? = nil, reporter: TaskReporter
  ) throws {
    self.seed = seed
    let reporter = shard?.isFirst ?? true ? reporter : TaskReporter()
    var pairings: [MaskSource: Masks] = [:]
    var entries = folder.entries
    for case .masks(let source, let polarity) in holes {
      let pairing = try MaskPairing(folder, with: source, missing: polarity)
      if pairing.masksAmongImages > 0 { reporter.warn(pairing.masksAmongImagesNote) }
      for problem in pairing.errors { try reporter.skip(problem.description) }
      let pairs = Dictionary(
        pairing.pairs.map { (ExactText($0.entry.relativePath), $0) },
        uniquingKeysWith: { first, _ in first })
      pairings[source] = Masks(pairing: pairing, pairs: pairs)
      entries.removeAll { pairs[$0.relativePath] == nil }
    }
    self.pairings = pairings
    for case .region(let region) in holes {
      do {
        _ = try region.rectangle(width: file.model.shape.width, height: file.model.shape.height)
      } catch {
        throw TaskError("\(error)")
      }
    }
    for problem in folder.problems { try reporter.skip(problem.description) }
    let order = RandomSource(seed: seed, purpose: .shuffling).permutation(entries.count)
    var images: [Image] = []
    var usable: [Int] = []
    for place in order where usable.count < count {
      do {
        let image = try Self.image(entries[place], folder, file)
        usable.append(place)
        if shard == nil { images.append(image) }
      } catch {
        try reporter.skip(because: error)
      }
    }
    guard !usable.isEmpty else {
      throw TaskError("\(folder.root): none of its \(folder.entries.count) images can be used")
    }
    // Which images are usable decides where a block begins; those of others are not kept in memory.
    if let shard {
      images = try usable[shard.range(of: usable.count)].map {
        try Self.image(entries[$0], folder, file)
      }
    }
    self.images = images
    all = usable.map { entries[$0].relativePath }
  }

  private static func image(
    _ entry: ImageFolder.Entry, _ folder: ImageFolder, _ file: ModelFile
  ) throws -> Image {
    let (path, shape) = (folder.path(of: entry), file.model.shape)
    let picture = try ImageFile.read(path)
    guard picture.width == shape.width, picture.height == shape.height else {
      throw TaskError(
        "\(path): is \(picture.width)x\(picture.height), but the model is measured on images of "
          + "\(shape.width)x\(shape.height); resize the image, or train a model of its size")
    }
    return Image(
      entry: entry, path: path, picture: picture,
      levels: PixelLevels.levels(of: picture, shape: shape).map(Float.init),
      label: folder.className(of: entry).flatMap { file.classes.firstIndex(ofExactly: $0) })
  }

  /// Counts what masks mark; nil where holes are in no masks.
  func tally(_ hole: EvaluationHole) -> MaskTally? {
    guard case .masks(let source, _) = hole else { return nil }
    return pairings[source].map { MaskTally($0.pairing) }
  }

  /// Which pixels of an image are missing.
  ///
  /// - Parameter tally: counts the image's mask.
  func missing(
    _ hole: EvaluationHole, of image: Image, _ tally: inout MaskTally?, _ reporter: TaskReporter
  ) throws -> [Bool] {
    let (width, height) = (image.picture.width, image.picture.height)
    switch hole {
    case .region(let region):
      return try Mask(width: width, height: height, region: region).missing
    case .random(let share):
      return EvaluationHole.randomMask(
        width: width, height: height, share: share,
        random: RandomSource(
          seed: seed, purpose: .masks,
          index: PictureIdentity(image.entry.relativePath).stream(sample: 0))
      ).missing
    case .masks(let source, _):
      guard let masks = pairings[source], let pair = masks.pairs[image.entry.relativePath] else {
        return []
      }
      let drawn = try masks.pairing.drawnMask(
        of: pair, image: image.picture, bytes: masks.pairing.maskBytes(of: pair))
      tally?.take(drawn, of: pair, reporter)
      return drawn.mask.missing
    }
  }

  /// Changes with any image, label or mask file of the block.
  var fingerprint: String {
    let sources = pairings.sorted { $0.key.identity < $1.key.identity }.map(\.value)
    var hash = StableHash()
    for image in images {
      hash.take(image.entry.relativePath)
      hash.take(UInt64(bitPattern: Int64(image.label ?? -1)))
      image.levels.withUnsafeBytes { hash.take($0) }
      for masks in sources {
        hash.take(masks.pairing.sharedDigest)
        guard let pair = masks.pairs[image.entry.relativePath] else { continue }
        let bytes = (try? masks.pairing.maskBytes(of: pair)) ?? []
        bytes.withUnsafeBytes { hash.take($0) }
      }
    }
    return String(hash.value, radix: 16)
  }
}
