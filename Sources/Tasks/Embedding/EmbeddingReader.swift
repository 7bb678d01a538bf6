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
}

/// Turns files into rows, a tile at a time, on the calling thread.
struct EmbeddingReader: Sendable {
  let encoder: FeatureEncoder
  let layout: EmbeddingLayout
  /// Whether images of another size are resampled to the model's.
  let resizes: Bool

  /// Decodes and encodes the images of a tile.
  func tile(_ entries: ArraySlice<ImageFolder.Entry>, of folder: ImageFolder) -> EmbeddedTile {
    var tile = EmbeddedTile()
    var kept: [(entry: ImageFolder.Entry, levels: [Float])] = []
    for entry in entries {
      do {
        kept.append((entry, try levels(folder.path(of: entry))))
      } catch {
        tile.problems.append("\(error)")
      }
    }
    for (image, features) in zip(kept, encoder.encode(kept.map(\.levels))) {
      guard features.isFinite else {
        tile.problems.append(
          "\(folder.path(of: image.entry)): has features that are not finite: the model's weights run over; "
            + "train it again with a lower --learning-rate")
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
  private func levels(_ path: String) throws -> [Float] {
    var image = try ImageFile.read(path)
    let shape = encoder.shape
    if image.width != shape.width || image.height != shape.height {
      guard resizes else {
        throw TaskError(
          "\(path): is \(image.width)x\(image.height), but the model encodes images of "
            + "\(shape.width)x\(shape.height); --resize resamples it")
      }
      image = image.resampled(width: shape.width, height: shape.height)
    }
    return PixelLevels.levels(of: image, shape: shape).map(Float.init)
  }
}
