import ArgumentParser
import Files
import Images

/// Which pixels are missing.
struct MaskOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A directory of masks, one mask for all images, or 'alpha': transparent is missing.",
      valueName: "directory|file|alpha"))
  var masks: String?

  @Option(
    help: ArgumentHelp(
      "top-half, bottom-half, left-half, right-half, center or X,Y,W,H.", valueName: "region"))
  var region: String?

  @OptionGroup
  var reading: MaskReadingOptions

  func validate() throws {
    switch (masks, region) {
    case (nil, nil): throw ValidationError("--masks or --region says which pixels are missing")
    case (.some, .some):
      throw ValidationError("--masks and --region both say which pixels are missing; give one")
    case (nil, .some(let text)):
      do { _ = try Region(parsing: text) } catch {
        throw ValidationError("--region: \(error)")
      }
    case (.some, nil): break
    }
  }

  /// Where masks come from.
  func source() throws -> MaskSource {
    if let region { return .region(try Region(parsing: region)) }
    guard let masks, masks != "alpha" else { return .alpha }
    return try MaskSource(path: masks, suffix: reading.maskSuffix)
  }

  /// Directories of masks, which must not be written to.
  var directories: [String] {
    masks.map { $0 != "alpha" && FileSystem.isDirectory($0) ? [$0] : [] } ?? []
  }

  /// Text that is equal where the holes are.
  var identity: String {
    "\(masks ?? "") \(region ?? "") \(reading.missing.rawValue) \(reading.maskSuffix)"
  }
}
