/// A rectangle of an image painted over with the image's mean colour.
struct CutOut {
  private let rows: Range<Int>
  private let columns: Range<Int>

  /// Nil in half of all cases.
  ///
  /// - Parameters:
  ///   - largest: the longest side as a share of the image's; the shortest is half of that.
  ///   - draws: five numbers of 0...1.
  init?(largest: Float, _ shape: ImageShape, _ draws: ArraySlice<Float>) {
    let draws = Array(draws)
    guard largest > 0, draws[0] < 0.5 else { return nil }
    func range(_ side: Int, _ size: Float, _ place: Float) -> Range<Int> {
      let length = min(side, max(1, Int(Float(side) * largest * (1 + size) / 2)))
      let start = min(side - length, Int(place * Float(side - length + 1)))
      return start..<start + length
    }
    rows = range(shape.height, draws[1], draws[2])
    columns = range(shape.width, draws[3], draws[4])
  }

  /// Paints over an image whose values are -1...1; of two levels the nearer one to the mean.
  func apply(to image: UnsafeMutableBufferPointer<Float>, _ shape: ImageShape) {
    let channels = shape.channels
    for channel in 0..<channels {
      var mean: Float = 0
      for place in stride(from: channel, to: image.count, by: channels) { mean += image[place] }
      mean /= Float(shape.pixelCount)
      if shape.levels == 2 { mean = mean < 0 ? -1 : 1 }
      for row in rows {
        for column in columns {
          image[(row * shape.width + column) * channels + channel] = mean
        }
      }
    }
  }
}
