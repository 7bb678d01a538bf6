import Images
import Models
import Tensors
import Training

/// The rows of at most `tileSize` images.
struct EmbeddedTile: Sendable {
  /// The rows, in order.
  var rows = EmbeddingBytes()
  /// How many there are.
  var images = 0
  /// What was left out, and why.
  var problems: [String] = []
}

extension Embedder {
  /// Decodes and encodes images on the calling thread.
  ///
  /// The encoder always sees `tileSize` images, the last ones black where there are fewer: a
  /// product's rounding can depend on its number of rows.
  func embedTile(
    _ entries: ArraySlice<ImageFolder.Entry>, of folder: ImageFolder, _ layout: EmbeddingLayout
  ) -> EmbeddedTile {
    var tile = EmbeddedTile()
    var kept: [ImageFolder.Entry] = []
    let shape = model.shape
    let size = shape.dimensionCount
    let levels = Tensor(shape: [tileSize, shape.height, shape.width, shape.channels]) { buffer in
      for entry in entries {
        do {
          let pixels = try pixels(folder.path(of: entry))
          for place in 0..<size { buffer[kept.count * size + place] = Float(pixels[place]) }
          kept.append(entry)
        } catch {
          tile.problems.append("\(error)")
        }
      }
      buffer[(kept.count * size)...].update(repeating: 0)
    }
    guard !kept.isEmpty else { return tile }
    let numbers = numbers(levels)
    for (place, entry) in kept.enumerated() {
      func slice(_ values: [Float]?) -> ArraySlice<Float> {
        guard let values else { return [] }
        let width = values.count / tileSize
        return values[place * width..<(place + 1) * width]
      }
      layout.append(
        EmbeddingRow(
          filename: entry.relativePath, label: folder.className(of: entry),
          features: slice(numbers.features), variances: slice(numbers.variances),
          probabilities: slice(numbers.probabilities)), to: &tile.rows)
    }
    tile.images = kept.count
    return tile
  }

  /// What the model says of a tile, each a row an image; nil for what is not asked for.
  ///
  /// The images' own labels are not shown to it: a feature that knew them would be of no use for an
  /// image without one.
  func numbers(
    _ levels: Tensor
  ) -> (features: [Float], variances: [Float]?, probabilities: [Float]?) {
    let labels = model.classCount > 0 ? [Int?](repeating: nil, count: levels.shape[0]) : nil
    let batch = ImageBatch(levels: levels, labels: labels)
    let pass = Pass(options.precision)
    let encodings = model.encodings(batch, pass)
    return (
      encodings.means.values, options.writesVariances ? encodings.variances?.values : nil,
      classifier?.classProbabilities(batch, pass).values
    )
  }

  /// An image file's levels.
  private func pixels(_ path: String) throws -> [UInt8] {
    var image = try ImageFile.read(path)
    let shape = model.shape
    if image.width != shape.width || image.height != shape.height {
      guard options.resizes else {
        throw TaskError(
          "\(path): is \(image.width)x\(image.height), but the model encodes images of "
            + "\(shape.width)x\(shape.height); --resize resamples it")
      }
      image = image.resampled(width: shape.width, height: shape.height)
    }
    return PixelLevels.levels(of: image, shape: shape)
  }
}
