package import Files
import Synchronization
package import Tensors

/// Rows of features, kept in a file without a name, so that memory does not grow with them.
package final class FeatureStore: Sendable {
  /// Numbers of a row.
  package let width: Int
  private let file: ScratchFile
  private let state = Mutex(State())

  private struct State: Sendable {
    var count = 0
    var failure: FileError?
  }

  /// No rows yet.
  package init(width: Int) throws(FileError) {
    self.width = width
    file = try ScratchFile()
  }

  /// Rows so far.
  package var count: Int { state.withLock { $0.count } }

  /// Adds whole rows at the end.
  package func append(_ values: [Float]) throws {
    precondition(values.count % width == 0, "whole rows of \(width) numbers")
    let start = count
    try values.withUnsafeBytes { try file.write($0, at: start * width * 4) }
    state.withLock { $0.count += values.count / width }
  }

  /// Some rows, float32 `[rows, width]`; zeros where the file can no longer be read, which ``check()`` tells.
  package func rows(_ range: Range<Int>) -> Tensor {
    Tensor(shape: [range.count, width]) { buffer in
      do throws(FileError) {
        try file.read(
          UnsafeMutableRawBufferPointer(buffer), at: range.lowerBound * width * 4)
      } catch {
        buffer.update(repeating: 0)
        state.withLock { $0.failure = error }
      }
    }
  }

  /// Throws where rows could not be read.
  package func check() throws(FileError) {
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  /// A finder among all rows, known by their places.
  func finder() -> NearestRows {
    NearestRows(keys: Array(0..<count), width: width) { [self] in rows($0) }
  }
}
