import Files
import Platform

/// Texts that are compared with what was recorded earlier, in `Snapshots` beside the test's file.
///
/// A missing snapshot is written and fails, so that nobody forgets to read it. With the environment
/// variable `LACUNA_RECORD_SNAPSHOTS=1` all are recorded anew and pass: read the difference before
/// it is committed.
public enum Snapshot {
  /// A text that is not what was recorded, or had not been recorded.
  public struct Mismatch: Error, CustomStringConvertible {
    /// The first line that differs, or what to do.
    public let description: String
  }

  /// Compares a text with the snapshot of this name.
  ///
  /// - Throws: ``Mismatch`` where they differ; `FileError` where a snapshot cannot be read or
  ///   written.
  public static func check(_ text: String, _ name: String, file: String = #filePath) throws {
    let folder = FileSystem.join(FileSystem.directory(of: file), "Snapshots")
    let path = FileSystem.join(folder, name + ".txt")
    let bytes = Array(text.utf8)
    if getenv("LACUNA_RECORD_SNAPSHOTS") != nil {
      try FileSystem.createDirectory(folder)
      return try AtomicFile.write(bytes, to: path)
    }
    guard FileSystem.exists(path) else {
      try FileSystem.createDirectory(folder)
      try AtomicFile.write(bytes, to: path)
      throw Mismatch(description: "\(path) was missing and is written now; read it, then run again")
    }
    let recorded = try FileSystem.readBytes(path)
    guard recorded != bytes else { return }
    throw Mismatch(
      description: "differs from \(path): "
        + difference(String(decoding: recorded, as: UTF8.self), text))
  }

  /// The first line in which two texts differ.
  private static func difference(_ recorded: String, _ text: String) -> String {
    let old = recorded.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    let place = line ?? min(old.count, new.count)
    let before = place < old.count ? "'\(old[place])'" : "the end"
    let after = place < new.count ? "'\(new[place])'" : "the end"
    return "line \(place + 1) was \(before) and is \(after)"
  }
}
