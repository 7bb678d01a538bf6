import Files
import FoundationEssentials
import Images
import TestSupport

/// Requests that tests send.
enum Requests {
  /// A shipped digit with its shipped mask.
  static let digit = "digit3-01.png"

  /// A file in base64.
  static func base64(_ path: String) throws -> JSON {
    .text(
      Data(try FileSystem.readBytes(FileSystem.join(Workplace.repository, path)))
        .base64EncodedString())
  }

  /// A hole to be filled.
  static func impute(
    _ name: String = digit, samples: Int = 1, seed: Int = 0,
    more: [(name: String, value: JSON)] = []
  ) throws -> JSON {
    .object(
      [
        ("image", try base64("fixtures/digits-holdout/\(name)")),
        ("mask", try base64("fixtures/masks/\(name)")), ("name", .text(name)),
        ("samples", .integer(samples)), ("seed", .integer(seed)),
      ] + more)
  }

  /// The images of an answer's list.
  static func images(_ json: JSON, _ list: String = "answers") -> [[UInt8]] {
    guard case .list(let answers)? = json[list] else { return [] }
    return answers.compactMap { $0["image"]?.asText }.compactMap { bytes($0) }
  }

  /// A grey image of 256x256 pixels.
  static func largeImage() throws -> JSON {
    let image = Image(width: 256, height: 256, format: .grey, filledWith: [90])
    return .text(Data(try ImageEncoder.encode(image, as: .png)).base64EncodedString())
  }

  /// The bytes of base64.
  static func bytes(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }
}
