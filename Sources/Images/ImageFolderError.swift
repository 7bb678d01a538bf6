/// A directory of images that cannot be used.
public struct ImageFolderError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Why a directory cannot be used.
  public enum Reason: Equatable, Sendable {
    /// Nothing there, or no way to it; the system's words.
    case missing(String)
    /// A device.
    case notADirectory
    /// A pipe.
    case pipe
    /// A directory that may not be listed; why.
    case unreadable(String)
    /// Nothing in it that looks like an image.
    case noImages
    /// Images of other kinds alone; which, and what to do.
    case otherKinds(String)
  }

  /// The directory.
  public let path: String

  /// Why it cannot be used.
  public let reason: Reason

  /// One line: path, reason, what to do.
  public var description: String {
    switch reason {
    case .missing(let detail): "\(path): \(detail); give a directory of images or an image file"
    case .notADirectory: "\(path): is neither a directory nor a file"
    case .pipe: "\(path): is a pipe; give a directory of images or an image file"
    case .otherKinds(let detail): "\(path): no images; \(detail)"
    case .unreadable(let detail): "\(path): \(detail)"
    case .noImages:
      "\(path): no images; expected *.png, *.jpg or *.jpeg in it or in folders named by class"
    }
  }
}
