import CImageCodecs

/// Decodes PNG and JPEG, by content, into 8-bit samples.
///
/// PNG: grey, RGB, palette, 1 to 16 bits, alpha, transparent colours, interlaced; 16 bits are
/// rounded to 8, a palette that has only greys gives a grey image, and of an animation the default
/// image is taken. JPEG: grey, RGB, CMYK, progressive. The EXIF orientation is applied, in PNG too.
///
/// A file that lacks pixels is an error: there is no half an image. A fault that costs no pixel is
/// not: a missing end, a trailer, notes that are damaged. Any number of threads may decode at once.
public struct ImageDecoder: Sendable {
  /// How large an image may be.
  public var limits: ImageLimits

  /// A decoder under these limits.
  public init(limits: ImageLimits = .standard) {
    self.limits = limits
  }

  /// The image in these bytes.
  ///
  /// - Parameter path: where the bytes came from, for messages.
  /// - Throws: ``ImageError``.
  public func decode(_ bytes: [UInt8], path: String) throws(ImageError) -> Image {
    try withHead(of: bytes, path: path) { (decoder, header, message) in
      let count = Int(header.width) * Int(header.height) * Int(header.channels)
      var status = CODEC_OK
      let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
        let result = codec_decoder_read(
          buffer.baseAddress, count, decoder, message.baseAddress, message.count)
        status = Int(result)
        initialised = status == CODEC_OK ? count : 0
      }
      if let reason = Self.reason(status: status, message: message) { return .failure(reason) }
      let information = Self.information(header)
      let stored = Image(
        width: Int(header.width), height: Int(header.height), format: information.format,
        bitDepth: information.bitDepth, pixels: pixels)
      return .success(stored.oriented(information.orientation))
    }
  }

  /// What these bytes say about their image; only the head is read.
  ///
  /// - Parameter path: where the bytes came from, for messages.
  /// - Throws: ``ImageError``.
  public func information(_ bytes: [UInt8], path: String) throws(ImageError) -> ImageInformation {
    try withHead(of: bytes, path: path) { (_, header, _) in .success(Self.information(header)) }
  }

  private func withHead<Value>(
    of bytes: [UInt8], path: String,
    _ body: (OpaquePointer, CodecHeader, UnsafeMutableBufferPointer<CChar>) -> Result<
      Value, ReasonError
    >
  ) throws(ImageError) -> Value {
    let limits = CodecLimits(
      max_side: UInt32(clamping: limits.maximumSide),
      max_pixels: UInt64(clamping: limits.maximumPixels))
    let result: Result<Value, ReasonError> = bytes.withUnsafeBufferPointer { bytes in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: CODEC_MESSAGE_CAPACITY) { message in
        message.initialize(repeating: 0)
        var decoder: OpaquePointer?
        var header = CodecHeader()
        let status = codec_decoder_open(
          &decoder, &header, bytes.baseAddress, bytes.count, limits, message.baseAddress,
          message.count)
        if let reason = Self.reason(status: Int(status), message: message) {
          return .failure(reason)
        }
        guard let decoder else { preconditionFailure("an open decoder is missing") }
        defer { codec_decoder_close(decoder) }
        return body(decoder, header, message)
      }
    }
    switch result {
    case .success(let value): return value
    case .failure(let error): throw ImageError(path: path, reason: error.reason)
    }
  }
}

extension ImageDecoder {
  /// A reason that does not know its file yet.
  private struct ReasonError: Error {
    let reason: ImageError.Reason
  }

  private static func information(_ header: CodecHeader) -> ImageInformation {
    let turned = header.orientation >= 5
    guard let format = PixelFormat(rawValue: Int(header.channels)) else {
      preconditionFailure("an image of \(header.channels) channels")
    }
    return ImageInformation(
      fileFormat: Int(header.format) == CODEC_FORMAT_PNG ? .png : .jpeg,
      width: Int(turned ? header.height : header.width),
      height: Int(turned ? header.width : header.height), format: format,
      bitDepth: Int(header.bit_depth), orientation: Int(header.orientation),
      hasPalette: Int(header.flags) & CODEC_FLAG_PALETTE != 0)
  }

  private static func reason(
    status: Int, message: UnsafeMutableBufferPointer<CChar>
  ) -> ReasonError? {
    if status == CODEC_OK { return nil }
    let text = message.baseAddress.map { String(cString: $0) } ?? ""
    let reason: ImageError.Reason =
      switch status {
      case CODEC_EMPTY: .empty
      case CODEC_UNKNOWN_FORMAT: .unknownFormat
      case CODEC_OTHER_FORMAT: .otherFormat(text)
      case CODEC_ARCHIVE: .archive(text)
      case CODEC_TRUNCATED: .truncated(text)
      case CODEC_TOO_LARGE: .tooLarge(text)
      case CODEC_UNSUPPORTED: .unsupported(text)
      case CODEC_OUT_OF_MEMORY: .outOfMemory
      case CODEC_CORRUPT: .damaged(text)
      default: preconditionFailure("image decoder called wrongly: \(text)")
      }
    return ReasonError(reason: reason)
  }
}
