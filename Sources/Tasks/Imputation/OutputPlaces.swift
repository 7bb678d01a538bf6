import Files

/// Which outputs of a run are taken, so that no two stand in each other's way.
struct OutputPlaces {
  private var owners: [ExactText: String] = [:]
  /// Folders of outputs, each with the first image that needs it.
  private var folders: [ExactText: String] = [:]

  /// Takes all outputs of an image, or none.
  ///
  /// - Returns: why not, where one has no name, is another's, or would be a file where another needs a
  ///   folder.
  mutating func take(_ files: [String], for owner: String) -> String? {
    for file in files {
      if let objection = PathLimits.objection(to: file) { return objection }
      if let other = owners[file] {
        return "its output \(file) is already that of \(other); rename one of them"
      }
      if let other = folders[file] {
        return "its output \(file) is a folder of the output of \(other); rename one of them"
      }
    }
    let above = ExactText.distinct(files.flatMap(Self.folders))
    for folder in above {
      if let other = owners[folder] {
        return "its output needs a folder \(folder), which is the output of \(other); "
          + "rename one of them"
      }
    }
    for file in files { owners[file] = owner }
    for folder in above where folders[folder] == nil { folders[folder] = owner }
    return nil
  }

  /// All folders above a relative path.
  private static func folders(above file: String) -> [String] {
    var folders: [String] = []
    var rest = file[...]
    while let slash = rest.utf8.lastIndex(of: UInt8(ascii: "/")) {
      rest = rest[..<slash]
      folders.append(String(rest))
    }
    return folders
  }
}
