/// What is expected of missing pixels by the known ones around them.
extension Tensor {
  /// Every plane with its missing values filled smoothly from the known ones: averages of ever larger squares, until each holds a
  /// known value, read back from the coarse to the fine (the pull-push of Gortler and others 1996, The Lumigraph, section
  /// 3.4); constant.
  ///
  /// Self holds float32 `[images, height, width, channels]`; values of missing pixels are not read. Where nothing is known: 0.
  ///
  /// - Parameter missing: a value a pixel of every image.
  public func filledFromSurroundings(missing: [Bool]) -> Tensor {
    precondition(shape.rank == 4 && missing.count == shape[0] * shape[1] * shape[2])
    let (height, width, channels) = (shape[1], shape[2], shape[3])
    let size = height * width
    return Tensor(shape: shape) { result in
      withValues { values in
        var levels = [Pyramid(height: height, width: width, channels: channels)]
        while let finest = levels.last, finest.height > 1 || finest.width > 1 {
          levels.append(
            Pyramid(
              height: (finest.height + 1) / 2, width: (finest.width + 1) / 2, channels: channels))
        }
        for image in 0..<shape[0] {
          for pixel in 0..<size {
            let isKnown = !missing[image * size + pixel]
            levels[0].weights[pixel] = isKnown ? 1 : 0
            for channel in 0..<channels {
              let place = pixel * channels + channel
              levels[0].values[place] = isKnown ? values[image * size * channels + place] : 0
            }
          }
          for level in levels.indices.dropFirst() { levels[level].pull(from: levels[level - 1]) }
          for level in levels.indices.dropLast().reversed() {
            levels[level].push(from: levels[level + 1])
          }
          let start = image * size * channels
          for place in 0..<size * channels { result[start + place] = levels[0].values[place] }
        }
      }
    }
  }
}

/// One resolution of an image and of how much is known there.
private struct Pyramid {
  let height: Int, width: Int, channels: Int
  /// Means of what is known, `[height, width, channels]`.
  var values: [Float]
  /// How much is known, 0...1.
  var weights: [Float]

  init(height: Int, width: Int, channels: Int) {
    (self.height, self.width, self.channels) = (height, width, channels)
    values = [Float](repeating: 0, count: height * width * channels)
    weights = [Float](repeating: 0, count: height * width)
  }

  /// Means of squares of two by two.
  mutating func pull(from fine: Pyramid) {
    for row in 0..<height {
      for column in 0..<width {
        let pixel = row * width + column
        var weight: Float = 0
        for channel in 0..<channels { values[pixel * channels + channel] = 0 }
        for fineRow in 2 * row..<min(2 * row + 2, fine.height) {
          for fineColumn in 2 * column..<min(2 * column + 2, fine.width) {
            let source = fineRow * fine.width + fineColumn
            weight += fine.weights[source]
            for channel in 0..<channels {
              values[pixel * channels + channel] +=
                fine.weights[source] * fine.values[source * channels + channel]
            }
          }
        }
        if weight > 0 {
          for channel in 0..<channels { values[pixel * channels + channel] /= weight }
        }
        weights[pixel] = min(1, weight)
      }
    }
  }

  /// What is not known is read from the coarser resolution, between the centres of its squares.
  mutating func push(from coarse: Pyramid) {
    for row in 0..<height {
      let near = row / 2
      let far = min(max(near + (row % 2 == 0 ? -1 : 1), 0), coarse.height - 1)
      for column in 0..<width {
        let pixel = row * width + column
        let rest = 1 - weights[pixel]
        guard rest > 0 else { continue }
        let nearColumn = column / 2
        let farColumn = min(max(nearColumn + (column % 2 == 0 ? -1 : 1), 0), coarse.width - 1)
        for channel in 0..<channels {
          func value(_ row: Int, _ column: Int) -> Float {
            coarse.values[(row * coarse.width + column) * channels + channel]
          }
          let inRow: Float = 3 * value(near, nearColumn) + value(near, farColumn)
          let beyond: Float = 3 * value(far, nearColumn) + value(far, farColumn)
          let between = (3 * inRow + beyond) / 16
          let place = pixel * channels + channel
          values[place] = weights[pixel] * values[place] + rest * between
        }
      }
    }
  }
}
