import Platform

/// A file that could not be read or written, with the system's reason.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was tried.
  public enum Action: String, Sendable {
    case createFile = "create"
    case createDirectory = "create the directory"
    case open
    case read
    case write
    case rename
    case remove
  }

  /// The file or directory.
  public let path: String

  /// What was tried.
  public let action: Action

  /// The system's error number (`errno`).
  public let code: Int32

  /// An error about `path`.
  public init(path: String, action: Action, code: Int32) {
    self.path = path
    self.action = action
    self.code = code
  }

  /// One line: path, what failed, the system's words, and what to do where that is known.
  public var description: String {
    switch code {
    case ESPIPE where action == .read:
      "\(path): is a pipe; save what comes out of it to a file, and give that"
    case EINVAL where action == .read: "\(path): is not a regular file"
    default: "\(path): cannot \(action.rawValue): \(SystemCalls.message(code))\(advice)"
    }
  }

  private var advice: String {
    switch code {
    case ENOSPC, EDQUOT: "; free some space there or write elsewhere"
    case EACCES, EPERM, EROFS: "; check its permissions or choose another place"
    case ENOENT where action == .createFile: "; create its directory first"
    case ENAMETOOLONG: "; names have at most \(PathLimits.nameBytes) bytes"
    case EMFILE: "; allow more open files (ulimit -n)"
    default: ""
    }
  }
}
