import Platform

/// A directory that a run writes into: the rule of ``Output`` for many files.
///
/// While it is in use no other run can have it.
public struct OutputDirectory: Sendable {
  /// What to do where there is something already: an existing directory must be empty to be left as
  /// it is.
  public typealias Policy = Output.Policy

  /// The directory.
  public let path: String
  /// What to do where there is something already.
  public let policy: Policy
  /// What is read, and not to be harmed.
  package let inputs: Inputs
  private let lock: RunLock

  /// Checks and makes the directory.
  ///
  /// - Parameter inputs: what the run reads: writing into a directory of it could replace what it
  ///   reads, or add to it.
  /// - Throws: `OutputError` where the directory has contents that must not be touched or another run
  ///   writes into it, `FileError` where it cannot be made.
  public init(path: String, policy: Policy, inputs: Inputs) throws {
    self.path = path
    self.policy = policy
    self.inputs = inputs
    if SystemCalls.ownStatus(ofPath: path) != nil, !FileSystem.isDirectory(path) {
      throw OutputError("\(path): is no directory; give --output another name")
    }
    var existing = path
    // Even the working directory may be out of sight.
    while !FileSystem.exists(existing), existing != FileSystem.directory(of: existing) {
      existing = FileSystem.directory(of: existing)
    }
    guard !FileSystem.exists(existing) || FileSystem.isDirectory(existing) else {
      throw OutputError("\(path): \(existing) is no directory; give --output another name")
    }
    if let source = inputs.directory(around: existing) {
      throw OutputError("\(path): is \(source) or inside of it, which is read; write elsewhere")
    }
    try FileSystem.createDirectory(path)
    lock = try RunLock(directory: path)
    let code = AtomicFile.refusal(at: file(AtomicFile.shortName))
    guard code == 0 else { throw FileError(path: path, action: .write, code: code) }
    if policy == .refuse, !isEmpty {
      throw OutputError(
        "\(path): exists and is not empty; --overwrite replaces its files, --resume goes on")
    }
    if policy != .refuse { removeLeftovers() }
  }

  /// Removes hidden files of runs that were killed while they wrote into it.
  private func removeLeftovers() {
    let endings = ["csv", "json"].map { ".\($0)" } + inputs.endings.map { "\($0)" }
    Leftovers.remove(in: path, isDeep: true) { target in
      let lower = target.lowercased()
      return target == AtomicFile.shortName || endings.contains(where: lower.hasSuffix)
    }
  }

  /// Why no file can be written at a path in it; nil where one can, as far as can be told before.
  public func obstacle(to relativePath: String) -> String? {
    if let objection = PathLimits.objection(to: relativePath) { return objection }
    let file = file(relativePath)
    // The hidden file's name is longer by a process and two numbers.
    guard file.utf8.count + 24 <= PathLimits.pathBytes else {
      return "its output's path would have \(file.utf8.count) bytes, which is too long"
    }
    let parent = FileSystem.directory(of: file)
    if FileSystem.isDirectory(parent), !SystemCalls.isAllowed(W_OK | X_OK, at: parent) {
      return "\(FileError(path: parent, action: .write, code: errno))"
    }
    if FileSystem.isDirectory(file) { return "\(file), its output, is a directory; remove it" }
    guard SystemCalls.ownStatus(ofPath: file) == nil, errno != ENOENT else { return nil }
    let code = errno
    guard code == ENOTDIR else {
      return "\(FileError(path: file, action: .createFile, code: code))"
    }
    var folder = FileSystem.directory(of: file)
    while !FileSystem.exists(folder) { folder = FileSystem.directory(of: folder) }
    return "\(folder) is a file where its output needs a folder; remove it"
  }

  /// The path of a file in it.
  public func file(_ relativePath: String) -> String { FileSystem.join(path, relativePath) }

  /// Makes the folders that a file in it needs, and makes sure that it harms no input.
  ///
  /// - Returns: the path of the file.
  /// - Throws: `OutputError` where a link in the directory leads to what is read; `FileError`.
  @discardableResult
  public func place(for relativePath: String) throws -> String {
    let file = file(relativePath)
    try FileSystem.createDirectory(FileSystem.directory(of: file))
    if let objection = inputs.objection(to: file) {
      throw OutputError("\(file): \(objection); give --output another name")
    }
    return file
  }

  /// Writes a file whole or not at all, and the folders that it needs.
  public func write(_ bytes: [UInt8], to relativePath: String) throws {
    try AtomicFile.write(bytes, to: place(for: relativePath))
  }

  /// Removes a file that an earlier run says it has made, unless that cannot be: it lies elsewhere,
  /// or is an input.
  package func remove(_ relativePath: String) throws(FileError) {
    // By bytes: a slash with a combining mark after it is no character "/", but it is a slash.
    let components = relativePath.utf8.split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard components.first?.isEmpty == false,
      !components.contains(where: { $0.elementsEqual("..".utf8) })
    else { return }
    let file = file(relativePath)
    guard inputs.objection(to: file) == nil else { return }
    try FileSystem.removeFile(file)
  }

  /// Whether nothing stands in it.
  public var isEmpty: Bool { FileSystem.isEmptyDirectory(path) }
}
