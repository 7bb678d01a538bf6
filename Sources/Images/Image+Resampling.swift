extension Image {
  /// The picture at another size, without aliasing.
  ///
  /// Columns are resampled first, then rows, in float32; alpha is premultiplied, so that what
  /// cannot be seen does not bleed into what can. The same size gives the same image.
  public func resampled(
    width newWidth: Int, height newHeight: Int, filter: ResamplingFilter = .lanczos
  ) -> Image {
    precondition(newWidth > 0 && newHeight > 0, "an image of \(newWidth) x \(newHeight) pixels")
    if newWidth == width && newHeight == height { return self }
    let columns = AxisWeights(from: width, to: newWidth, filter: filter)
    let rows = AxisWeights(from: height, to: newHeight, filter: filter)
    let narrowed = Self.resampleColumns(
      premultiplied(), columns, width: width, height: height, channels: channels)
    let resized = Self.resampleRows(narrowed, rows, rowLength: newWidth * channels)
    return Image(
      width: newWidth, height: newHeight, format: format, pixels: unpremultiplied(resized))
  }

  /// The picture at another size with only the old samples: each new pixel copies the one under its
  /// centre.
  public func resampledNearest(width newWidth: Int, height newHeight: Int) -> Image {
    precondition(newWidth > 0 && newHeight > 0, "an image of \(newWidth) x \(newHeight) pixels")
    let columns = nearestIndices(from: width, to: newWidth)
    var result: [UInt8] = []
    result.reserveCapacity(newWidth * newHeight * channels)
    for y in nearestIndices(from: height, to: newHeight) {
      for x in columns {
        let start = (y * width + x) * channels
        for channel in 0..<channels { result.append(pixels[start + channel]) }
      }
    }
    return Image(
      width: newWidth, height: newHeight, format: format, bitDepth: bitDepth, pixels: result)
  }

  private func premultiplied() -> [Float] {
    guard format.hasAlpha else { return pixels.map { Float($0) } }
    return pixels.indices.map { index in
      let channel = index % channels
      if channel == channels - 1 { return Float(pixels[index]) }
      return Float(pixels[index]) * Float(pixels[index - channel + channels - 1]) / 255
    }
  }

  private func unpremultiplied(_ samples: [Float]) -> [UInt8] {
    func rounded(_ value: Float) -> UInt8 { UInt8(min(max(value, 0), 255) + 0.5) }
    guard format.hasAlpha else { return samples.map(rounded) }
    return samples.indices.map { index in
      let channel = index % channels
      let alpha = samples[index - channel + channels - 1]
      if channel == channels - 1 { return rounded(alpha) }
      return alpha < 0.5 ? 0 : rounded(samples[index] * 255 / min(alpha, 255))
    }
  }

  private static func resampleColumns(
    _ samples: [Float], _ axis: AxisWeights, width: Int, height: Int, channels: Int
  ) -> [Float] {
    let newWidth = axis.starts.count
    var result = [Float](repeating: 0, count: newWidth * height * channels)
    for y in 0..<height {
      for x in 0..<newWidth {
        let start = (y * width + axis.starts[x]) * channels
        let target = (y * newWidth + x) * channels
        for (place, weight) in axis.weights[x].enumerated() {
          for channel in 0..<channels {
            result[target + channel] += weight * samples[start + place * channels + channel]
          }
        }
      }
    }
    return result
  }

  private static func resampleRows(
    _ samples: [Float], _ axis: AxisWeights, rowLength: Int
  ) -> [Float] {
    var result = [Float](repeating: 0, count: axis.starts.count * rowLength)
    for y in axis.starts.indices {
      for (place, weight) in axis.weights[y].enumerated() {
        let start = (axis.starts[y] + place) * rowLength
        for index in 0..<rowLength {
          result[y * rowLength + index] += weight * samples[start + index]
        }
      }
    }
    return result
  }
}
