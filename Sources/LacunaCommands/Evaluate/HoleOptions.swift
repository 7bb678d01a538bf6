import ArgumentParser
import Images
import Tasks

/// Which holes are cut into whole images; kinds may be combined.
struct HoleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "top-half, bottom-half, left-half, right-half, center or X,Y,W,H; may be given several times.",
      valueName: "region"))
  var region: [String] = []

  @Option(
    help: ArgumentHelp(
      "Shares of pixels that are missing at random, such as 0.1,0.5,0.9.", valueName: "shares"))
  var random: String?

  @Option(
    help: ArgumentHelp(
      "A directory of masks, or one mask for all images.", valueName: "directory|file"))
  var masks: String?

  @OptionGroup
  var reading: MaskReadingOptions

  func validate() throws {
    guard masks != nil || random != nil || !region.isEmpty else {
      throw ValidationError("--region, --random or --masks says which pixels are missing")
    }
    for text in region {
      do { _ = try Region(parsing: text) } catch { throw ValidationError("--region: \(error)") }
    }
    if let random, Self.shares(random) == nil {
      throw ValidationError(
        "--random takes shares above 0 and up to 1, separated by commas, not '\(random)'")
    }
  }

  /// The kinds of holes in the order regions, shares, masks.
  func holes() throws -> [EvaluationHole] {
    var holes = try region.map { EvaluationHole.region(try Region(parsing: $0)) }
    holes += random.flatMap(Self.shares)?.map { .random(share: $0) } ?? []
    if let masks {
      holes.append(
        .masks(
          try MaskSource(path: masks, suffix: reading.maskSuffix),
          missing: reading.missing))
    }
    return holes
  }

  private static func shares(_ text: String) -> [Double]? {
    let shares = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    let usable = shares.compactMap { $0 }.filter { $0 > 0 && $0 <= 1 }
    return usable.count == shares.count ? usable : nil
  }
}
