import Platform

/// A file that a run writes, and the one rule for what it may replace.
///
/// Made before any work is done, so that what would fail at the end fails at once. What a run reads
/// is never touched. A file that exists is replaced where that was asked for, or where it is this
/// run's own and the run goes on. A symbolic link is replaced, not followed; devices and pipes are
/// written to.
public struct Output: Sendable {
  /// What to do where there is something already.
  public enum Policy: Sendable {
    /// What exists stays, and is a reason not to begin.
    case refuse
    /// What exists is replaced.
    case overwrite
    /// What an earlier run did is kept, and gone on with.
    case resume
  }

  /// Where it is written.
  public let path: String

  /// Checks the place.
  ///
  /// - Parameters:
  ///   - option: what names it on the command line, for messages, such as `--plot`.
  ///   - isOwn: whether a file there is the run's that is resumed.
  /// - Throws: `OutputError` where there is no directory to write into, or what stands there must not
  ///   be replaced.
  public init(
    _ path: String, option: String, policy: Policy, inputs: Inputs, isOwn: Bool = false
  ) throws(OutputError) {
    self.path = path
    let directory = FileSystem.directory(of: path)
    let elsewhere = "give \(option) another name"
    guard FileSystem.isDirectory(directory) else {
      throw OutputError(
        FileSystem.exists(directory)
          ? "\(path): \(directory) is no directory; \(elsewhere)"
          : "\(path): its directory \(directory) does not exist; create it first")
    }
    // Whatever else the system has against the name, such as its length.
    if SystemCalls.ownStatus(ofPath: path) == nil, errno != ENOENT {
      throw OutputError("\(FileError(path: path, action: .createFile, code: errno))")
    }
    if FileSystem.isDirectory(path) {
      throw OutputError("\(path): is a directory; give \(option) the name of a file")
    }
    if let objection = inputs.objection(to: path) {
      throw OutputError("\(path): \(objection); \(elsewhere)")
    }
    let isInPlace = FileSystem.isWrittenInPlace(path)
    let code =
      isInPlace
      ? (SystemCalls.isAllowed(W_OK, at: path) ? 0 : errno)
      : AtomicFile.refusal(at: path)
    guard code == 0 else {
      throw OutputError("\(FileError(path: path, action: .createFile, code: code))")
    }
    if !isInPlace, policy != .refuse { removeLeftovers() }
    guard !isInPlace, SystemCalls.ownStatus(ofPath: path) != nil else { return }
    switch policy {
    case .overwrite: break
    case .refuse: throw OutputError("\(path): exists; --overwrite replaces it, or \(elsewhere)")
    case .resume where isOwn: break
    case .resume:
      throw OutputError(
        "\(path): exists, and is not of the run that is resumed; remove it, or \(elsewhere)")
    }
  }

  /// Removes hidden files of runs that were killed while they wrote this one.
  private func removeLeftovers() {
    let name = FileSystem.lastComponent(of: path)
    Leftovers.remove(in: FileSystem.directory(of: path)) { $0 == name }
  }

  /// Writes the file whole or not at all.
  public func write(_ bytes: [UInt8]) throws(FileError) { try AtomicFile.write(bytes, to: path) }
}
