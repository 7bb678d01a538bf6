import ArgumentParser
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

  /// Where masks are read from; nil where they are in no file.
  var path: String? { masks == "alpha" ? nil : masks }

  /// Text that is equal where the holes are.
  var identity: String {
    "\(masks ?? "") \(region ?? "") \(reading.missing.rawValue) \(reading.maskSuffix)"
  }
}
