import Files
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
      throw Failure(description: "standard output: cannot write: \(SystemCalls.message(code))")
    }
  }
}

/// Where messages go.
///
/// A reader who has left is no reason to stop.
enum StandardError {
  static func write(_ text: String) { _ = writeAll(text, to: STDERR_FILENO) }

  /// Writes a message, whatever names stand in it, on one line.
  static func writeLine(_ message: String) { write(Printable.line(message) + "\n") }

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
  return text.withUTF8 { SystemCalls.writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
}
