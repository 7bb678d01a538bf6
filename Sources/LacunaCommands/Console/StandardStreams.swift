import Platform

/// Where results go.
enum StandardOutput {
  /// Thrown when the reader has left: there is nobody to tell.
  struct Closed: Error {}

  /// A result that could not be written.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Writes all of a text.
  static func write(_ text: String) throws {
    let code = writeAll(text, to: STDOUT_FILENO)
    if code == EPIPE { throw Closed() }
    guard code == 0 else {
      let reason = String(cString: strerror(code))
      throw Failure(description: "standard output: cannot write: \(reason)")
    }
  }
}

/// Where messages go.
///
/// A reader who has left is no reason to stop.
enum StandardError {
  static func write(_ text: String) { _ = writeAll(text, to: STDERR_FILENO) }

  /// Whether somebody may be watching.
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// Columns of the terminal.
  static var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}

/// Writes all bytes; 0, or the error's number.
private func writeAll(_ text: String, to descriptor: Int32) -> Int32 {
  var text = text
  return text.withUTF8 { bytes in
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = write(descriptor, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return errno }
      rest = rest.dropFirst(written)
    }
    return 0
  }
}
