import Tensors

/// The way that memory takes over an image: the pixels of each step, side by side.
public struct Scan: Sendable {
  /// Which way.
  public enum Kind: String, CaseIterable, Sendable {
    /// From the top, a row at a time.
    case row
    /// From a corner, a diagonal at a time.
    case diagonal
  }

  /// Steps, and places of a step.
  let steps: Int, places: Int
  /// The pixel of each step and place; nil where a diagonal leaves the image.
  private let pixels: [Int?]

  /// - Parameter isMirrored: whether it begins at the right.
  init(_ kind: Kind, height: Int, width: Int, isMirrored: Bool = false) {
    switch kind {
    case .row:
      (steps, places) = (height, width)
      pixels = (0..<height * width).map { $0 }
    case .diagonal:
      (steps, places) = (width + height - 1, height)
      // Row r is moved by r places, so that what stands to the left and above comes a step before.
      pixels = (0..<steps * height).map { index in
        let (step, row) = index.quotientAndRemainder(dividingBy: height)
        let column = step - row
        guard (0..<width).contains(column) else { return nil }
        return row * width + (isMirrored ? width - 1 - column : column)
      }
    }
  }

  /// `[images, height, width, features]` to `[steps, images, places, features]`, zeros where a diagonal leaves the image.
  func arranged(_ map: Tensor) -> Tensor {
    let (images, size, features) = (map.shape[0], map.shape[1] * map.shape[2], map.shape[3])
    let rows = map.reshaped(to: [images * size, features]).padded(before: 0, after: 1, axis: 0)
    var sources = [Int32](repeating: Int32(images * size), count: steps * images * places)
    for step in 0..<steps {
      for place in 0..<places {
        guard let pixel = pixels[step * places + place] else { continue }
        for image in 0..<images {
          sources[(step * images + image) * places + place] = Int32(image * size + pixel)
        }
      }
    }
    return rows.embedded(sources).reshaped(to: [steps, images, places, features])
  }

  /// Back again.
  func restored(_ states: Tensor, height: Int, width: Int) -> Tensor {
    let (images, features) = (states.shape[1], states.shape[3])
    var sources = [Int32](repeating: 0, count: images * height * width)
    for (index, pixel) in pixels.enumerated() {
      guard let pixel else { continue }
      let (step, place) = index.quotientAndRemainder(dividingBy: places)
      for image in 0..<images {
        sources[image * height * width + pixel] = Int32((step * images + image) * places + place)
      }
    }
    return states.reshaped(to: [steps * images * places, features]).embedded(sources)
      .reshaped(to: [images, height, width, features])
  }
}
