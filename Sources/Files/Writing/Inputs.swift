import Platform
import Synchronization

/// What a run reads, and must neither replace nor add to, by whatever path or link.
public final class Inputs: Sendable {
  private struct Directory {
    let path: String
    let real: String
  }

  private let files: [String]
  private let directories: [Directory]
  /// What the names of files that count end with.
  let endings: [StaticString]
  private let listed = Mutex<[ExactText: String]?>(nil)

  /// Files and directories as they were named; those that do not exist are left out.
  ///
  /// - Parameter endings: what the names of those files end with that count in a directory, in small
  ///   letters.
  public init(_ paths: [String?], endings: [StaticString]) {
    let given = paths.compactMap { $0 }
    self.endings = endings
    files = given.filter { !FileSystem.isDirectory($0) }
    directories = given.filter(FileSystem.isDirectory).compactMap { path in
      PathRelation.real(path).map { Directory(path: path, real: $0) }
    }
  }

  /// No inputs.
  public static let none = Inputs([], endings: [])

  /// Why no file can be written at a path; nil where nothing would be harmed.
  func objection(to path: String) -> String? {
    guard let place = PathRelation.place(of: path) else { return nil }
    let exists = SystemCalls.ownStatus(ofPath: path) != nil
    if isListed(FileSystem.lastComponent(of: path)), let directory = directory(holding: place) {
      return exists
        ? "is an input of this run" : "would join the files of \(directory), which are read"
    }
    guard exists, let input = input(at: place) else { return nil }
    return input.isExactly(path) ? "is an input of this run" : "is \(input), an input of this run"
  }

  /// The directory that is another one or holds it; nil where none does.
  func directory(around path: String) -> String? {
    PathRelation.real(path).flatMap(directory(holding:))
  }

  private func directory(holding place: String) -> String? {
    directories.first { PathRelation.isSameOrBelow(place, $0.real) }?.path
  }

  private func isListed(_ name: String) -> Bool {
    NameEnding.first(of: endings, in: name) != nil
  }

  /// The input that stands at a place.
  private func input(at place: String) -> String? {
    listed.withLock { listed in
      let all = listed ?? list()
      listed = all
      return all[place]
    }
  }

  /// Every place that an input is read from or through.
  ///
  /// There may be a million, so this waits until a file would be replaced.
  private func list() -> [ExactText: String] {
    var places: [ExactText: String] = [:]
    func add(_ path: String) {
      for place in PathRelation.places(through: path) { places[place] = path }
    }
    for file in files { add(file) }
    for directory in directories {
      // What lies inside is known by its directory; only links lead out.
      var liesInside: [ExactText: Bool] = [:]
      for file in DirectoryListing(root: directory.path, endings: endings).files {
        let path = FileSystem.join(directory.path, file)
        let folder = FileSystem.directory(of: path)
        let isInside = liesInside[folder] ?? PathRelation.isSameOrInside(folder, directory.real)
        liesInside[folder] = isInside
        if !isInside || SystemCalls.target(ofLink: path) != nil { add(path) }
      }
    }
    return places
  }
}
