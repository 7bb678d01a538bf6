import Images
import Models
import Tasks

extension Desk {
  /// A hole to be filled.
  struct Hole: Sendable {
    let model: ServedModel
    let image: Image
    let mask: Mask
    var label: Int?
    /// By which name the picture decides its random numbers, as paths do in commands.
    var name = Hole.standardName
    var samples = 1
    var seed: UInt64 = 0
    var temperature: Float = 1
    var options: [String: String] = [:]
    var givesMean = false

    /// The name of a picture that has none.
    static let standardName = "image.png"
  }

  /// Fills a hole; an image without one is its own answer.
  ///
  /// - Throws: `Problem` where it cannot be filled: nothing that engines take for granted is left unchecked.
  func fill(_ hole: Hole, _ call: Call) async throws(Problem) -> HoleFilling.Filled {
    let image = hole.image
    guard hole.mask.width == image.width, hole.mask.height == image.height else {
      throw .unprocessable(
        "the mask is \(hole.mask.width)x\(hole.mask.height), and the image is \(image.width)x\(image.height)",
        remedy: "send a mask of the image's size")
    }
    guard (1...options.maximumSamples).contains(hole.samples) else {
      throw .unprocessable(
        "\(hole.samples) samples are asked for", remedy: "ask for 1 to \(options.maximumSamples)")
    }
    try FillingBounds.check(hole.options, hole.model)
    let lane = LaneKey(
      model: hole.model,
      kind: .fill(
        temperature: hole.temperature, options: hole.options, givesMeans: hole.givesMean))
    let filler: HoleFiller
    do {
      filler = try lane.filler(context)
      try filler.check(image)
    } catch {
      throw Problem(error)
    }
    guard hole.mask.missingCount > 0 else {
      return HoleFilling.Filled(untouched: image, samples: hole.samples)
    }
    let picture = HoledPicture(
      image, hole.mask, label: hole.label, identity: PictureIdentity(hole.name))
    let ofStep = filler.imagesDrawn(for: hole.mask)
    let answer = try await answer(
      .fill(picture, samples: hole.samples, seed: hole.seed), lane,
      rows: hole.samples * ofStep * Self.windows(hole.mask, filler.shape), ofStep: ofStep, call)
    guard case .filled(let filled) = answer else { throw .closing }
    return filled
  }

  /// About how many windows an image is filled through; never fewer than its pixels take memory.
  private static func windows(_ mask: Mask, _ shape: ImageShape) -> Int {
    let columns = (mask.width + shape.width - 1) / shape.width
    let rows = (mask.height + shape.height - 1) / shape.height
    return columns * rows == 1 ? 1 : 2 * columns * rows
  }
}
