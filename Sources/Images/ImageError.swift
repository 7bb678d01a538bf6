import Files

/// An image that cannot be had, with its file and the reason.
public struct ImageError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Why an image cannot be had.
  public enum Reason: Equatable, Sendable {
    /// The system refuses to read the file; its words.
    case unreadable(String)
    /// A directory or a device.
    case notAFile
    /// A pipe.
    case pipe
    /// Files of other kinds of images in a directory; which, and what to do.
    case otherKinds(String)
    /// A file of no bytes.
    case empty
    /// Neither PNG nor JPEG by its content, whatever its name, nor any other format known by name.
    case unknownFormat
    /// An image of a format that is not decoded; its name with an article.
    case otherFormat(String)
    /// A compressed file or an archive; its name with an article.
    case archive(String)
    /// The file ends early; where.
    case truncated(String)
    /// Contradictory or changed data; what is wrong.
    case damaged(String)
    /// More pixels or bytes than the limits allow; how many.
    case tooLarge(String)
    /// A kind of image that is not decoded, or that a format cannot hold.
    case unsupported(String)
    /// The process or the machine has run out of open files or memory, whatever the image is; the
    /// system's words.
    case exhausted(String)
    /// The machine has no memory left for it.
    case outOfMemory
  }

  /// The file.
  public let path: String

  /// Why it cannot be had.
  public let reason: Reason

  /// An error about `path`.
  public init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }

  /// One line: path, reason, what to do.
  public var description: String { "\(path): \(explanation)" }

  /// The reason and what to do, without the path.
  public var explanation: String {
    switch reason {
    case .unreadable(let detail): "cannot be read: \(detail)"
    case .notAFile: "is not a regular file"
    case .pipe: "is a pipe; save the image to a file, and give that"
    case .otherKinds(let detail): detail
    case .empty: "is empty; replace or remove it"
    case .unknownFormat: "is neither a PNG nor a JPEG image; convert or remove it"
    case .otherFormat(let name): "is \(name), not PNG or JPEG; convert it"
    case .archive(let name): "is \(name), not PNG or JPEG; unpack it"
    case .truncated(let detail): "is truncated (\(detail)); copy it again or remove it"
    case .damaged(let detail): "is damaged (\(detail)); copy it again or remove it"
    case .tooLarge(let detail): "is too large (\(detail)); make it smaller first"
    case .unsupported(let detail): "is of an unsupported kind (\(detail)); convert it"
    case .outOfMemory: "does not fit into memory"
    case .exhausted(let detail):
      "cannot be read: \(detail); close other programs or allow more (ulimit -n, ulimit -v)"
    }
  }
}

extension ImageError {
  /// Whether no image is to blame, so that the run fails and skips nothing.
  package var isFailureOfTheRun: Bool {
    if case .exhausted = reason { return true }
    return false
  }

  /// What a listing says of a path.
  init(_ problem: DirectoryListing.Problem) {
    path = problem.path
    switch problem.reason {
    case .unreadable(let detail): reason = .unreadable(detail)
    case .exhausted(let detail): reason = .exhausted(detail)
    case .notAFile: reason = .notAFile
    }
  }
}
