extension Image {
  /// The part of the picture inside a rectangle, which must lie within it.
  public func cropped(to rectangle: Rectangle) -> Image {
    precondition(
      rectangle.fits(width: width, height: height),
      "no part \(rectangle) in \(width) x \(height) pixels")
    var result: [UInt8] = []
    result.reserveCapacity(rectangle.width * rectangle.height * channels)
    for y in rectangle.y..<rectangle.y + rectangle.height {
      let start = offset(rectangle.x, y)
      result.append(contentsOf: pixels[start..<start + rectangle.width * channels])
    }
    return Image(
      width: rectangle.width, height: rectangle.height, format: format, bitDepth: bitDepth,
      pixels: result)
  }

  /// The picture as it is meant to be seen, from how it is stored.
  ///
  /// - Parameter orientation: the EXIF value, 1 to 8: 1 upright, 2 mirrored, 3 upside down, 4
  ///   mirrored upside down, 5 transposed, 6 to be turned right, 7 transposed over the other
  ///   diagonal, 8 to be turned left.
  public func oriented(_ orientation: Int) -> Image {
    precondition((1...8).contains(orientation), "no EXIF orientation \(orientation)")
    if orientation == 1 { return self }
    let swapped = orientation >= 5
    let (newWidth, newHeight) = swapped ? (height, width) : (width, height)
    let (right, bottom) = (width - 1, height - 1)
    var result: [UInt8] = []
    result.reserveCapacity(pixels.count)
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        let (storedX, storedY) =
          switch orientation {
          case 2: (right - x, y)
          case 3: (right - x, bottom - y)
          case 4: (x, bottom - y)
          case 5: (y, x)
          case 6: (y, bottom - x)
          case 7: (right - y, bottom - x)
          default: (right - y, x)
          }
        let start = offset(storedX, storedY)
        result.append(contentsOf: pixels[start..<start + channels])
      }
    }
    return Image(
      width: newWidth, height: newHeight, format: format, bitDepth: bitDepth, pixels: result)
  }
}
