import Files
import Images
import Models
import Tensors
import Training

/// The rows of at most a tile of images.
struct EmbeddedTile: Sendable {
  /// The rows, in order.
  var rows = EmbeddingBytes()
  /// How many there are.
  var images = 0
  /// What was left out, and why.
  var problems: [String] = []
  /// Digests of the files' contents, one after the other.
  var contents: [UInt8] = []

  /// The digest of the contents of some tiles' files.
  static func digest(_ tiles: [[UInt8]]) -> String {
    SHA256.fingerprint(of: tiles.flatMap { $0 })
  }
}

/// Turns files into rows, a tile at a time, on the calling thread.
struct EmbeddingReader: Sendable {
  let encoder: FeatureEncoder
  let layout: EmbeddingLayout
  /// Whether images of another size are resampled to the model's.
  let resizes: Bool

  /// Reads, and does not decode, the images of a tile: digests of their contents, one after the
  /// other.
  static func contents(
    _ entries: ArraySlice<ImageFolder.Entry>, of folder: ImageFolder
  ) -> [UInt8] {
    entries.flatMap { contents(try? ImageFile.bytes(of: folder.path(of: $0))) }
  }

  private static func contents(_ bytes: [UInt8]?) -> [UInt8] {
    bytes.map(SHA256.digest(of:)) ?? [UInt8](repeating: 0, count: 32)
  }

  /// Decodes and encodes the images of a tile.
  ///
  /// - Throws: `ImageError` where no image is to blame.
  func tile(
    _ entries: ArraySlice<ImageFolder.Entry>, of folder: ImageFolder
  ) throws -> EmbeddedTile {
    var tile = EmbeddedTile()
    var kept: [(entry: ImageFolder.Entry, levels: [Float])] = []
    for entry in entries {
      let path = folder.path(of: entry)
      var bytes: [UInt8]?
      do {
        let read = try ImageFile.bytes(of: path)
        bytes = read
        kept.append((entry, try levels(read, path)))
      } catch let error as ImageError where error.isFailureOfTheRun {
        throw error
      } catch {
        tile.problems.append("\(error)")
      }
      tile.contents += Self.contents(bytes)
    }
    for (image, features) in zip(kept, encoder.encode(kept.map(\.levels))) {
      guard features.isFinite else {
        tile.problems.append("\(folder.path(of: image.entry)): \(encoder.notFinite)")
        continue
      }
      tile.images += 1
      layout.append(
        EmbeddingRow(
          filename: image.entry.relativePath, label: folder.className(of: image.entry),
          features: features.means, variances: features.variances ?? [],
          probabilities: features.probabilities ?? []), to: &tile.rows)
    }
    return tile
  }

  /// An image file's levels.
  private func levels(_ bytes: [UInt8], _ path: String) throws -> [Float] {
    let image = try ImageDecoder().decode(bytes, path: path)
    let shape = encoder.shape
    guard resizes || (image.width == shape.width && image.height == shape.height) else {
      throw TaskError(
        "\(path): is \(image.width)x\(image.height), but the model encodes images of "
          + "\(shape.width)x\(shape.height); --resize resamples it")
    }
    return encoder.levels(of: image)
  }
}
