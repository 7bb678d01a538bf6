import ArgumentParser
import Models
import Training

/// What images are brought to before a model learns them.
struct ImageShapeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Resample every image to this size, such as 32x32.", valueName: "WxH"))
  var size: String?

  @Option(
    help: "Shades of grey, or colours.", value: "kind",
    takes: .one(of: [("grey", 1), ("rgb", 3)]), otherwise: "rgb where any pixel is in colour")
  var channels: Int?

  @Option(
    help: "Values a sample can take.", value: "count", takes: .number(in: 2...256),
    otherwise: "2 where all are black or white, else 256")
  var levels: Int?

  func validate() throws {
    if let size, Self.sides(size) == nil {
      throw ValidationError("--size takes a width and a height such as 32x32, not '\(size)'")
    }
  }

  /// Hands the choices to a loader; channels and levels that were left open are those of `other`, where there is one.
  func apply(to loader: inout DatasetLoader, or other: ImageShape? = nil) {
    loader.size = size.flatMap(Self.sides)
    loader.channels = channels ?? other?.channels
    loader.levels = levels ?? other?.levels
  }

  private static func sides(_ text: String) -> (width: Int, height: Int)? {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1],
      (1...4096).contains(width), (1...4096).contains(height)
    else { return nil }
    return (width, height)
  }
}
