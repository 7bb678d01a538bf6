import CImageCodecs

/// Turns images into the bytes of a file.
///
/// Equal images give equal bytes.
public enum ImageEncoder {
  /// A file format to write.
  public enum Format: Equatable, Sendable {
    /// PNG with 8 bits a sample, alpha where the image has it.
    case png
    /// PNG with one bit a pixel: the luma of 128 and above becomes white; alpha is composited over
    /// white.
    case bilevelPNG
    /// Baseline JPEG, quality 1 to 100; alpha is composited over white. Pixels change a little.
    case jpeg(quality: Int)
  }

  /// The bytes of a file.
  ///
  /// - Parameter path: where they will go, for messages.
  /// - Throws: ``ImageError`` when the image is too large for the format or memory runs out.
  public static func encode(
    _ image: Image, as format: Format, path: String = "image"
  ) throws(ImageError) -> [UInt8] {
    var buffer = CodecBuffer()
    defer { codec_buffer_free(&buffer) }
    var message = [CChar](repeating: 0, count: CODEC_MESSAGE_CAPACITY)
    let status: Int32
    switch format {
    case .png:
      status = encodePNG(image, bitDepth: 8, &buffer, &message)
    case .bilevelPNG:
      status = encodePNG(image.converted(to: .grey), bitDepth: 1, &buffer, &message)
    case .jpeg(let quality):
      let opaque = image.composited(over: 255)
      status = codec_encode_jpeg(
        &buffer, opaque.pixels, UInt32(opaque.width), UInt32(opaque.height),
        UInt32(opaque.channels), Int32(clamping: quality), &message, message.count)
    }
    guard Int(status) == CODEC_OK else {
      let text = message.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
      let outOfMemory = Int(status) == CODEC_OUT_OF_MEMORY
      throw ImageError(path: path, reason: outOfMemory ? .outOfMemory : .unsupported(text ?? ""))
    }
    return Array(UnsafeBufferPointer(start: buffer.bytes, count: buffer.count))
  }

  private static func encodePNG(
    _ image: Image, bitDepth: UInt32, _ buffer: inout CodecBuffer, _ message: inout [CChar]
  ) -> Int32 {
    codec_encode_png(
      &buffer, image.pixels, UInt32(image.width), UInt32(image.height), UInt32(image.channels),
      bitDepth, &message, message.count)
  }
}
