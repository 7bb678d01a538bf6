import Files
import Images

/// Which images of a directory that lacuna augment wrote are generated ones.
public enum GeneratedImages {
  /// Where a directory says which of its images were drawn.
  public static func manifestPath(_ directory: String) -> String {
    FileSystem.join(directory, AugmentationRow.resultsName)
  }

  /// The images in class folders; where there is a manifest, those that it says were drawn.
  ///
  /// Originals that were copied beside them, and sheets, would otherwise be taken for generated.
  ///
  /// - Parameter asksLabels: whether images count in class folders alone, though there are none.
  static func listing(_ path: String, asksLabels: Bool = true) throws -> ImageFolder {
    let folder = try ImageFolder(path: path)
    let drawn = try manifest(manifestPath(path))
    let inFolders = asksLabels || folder.entries.contains { $0.label != nil }
    let kept = folder.keeping { entry in
      (!inFolders || entry.label != nil)
        && drawn.map { $0.contains(entry.relativePath) } ?? true
    }
    guard !kept.entries.isEmpty else {
      throw TaskError(
        "\(path): has no generated image" + (inFolders ? " in a class folder" : "")
          + (drawn == nil ? "" : " that its manifest.csv names")
          + "; give the directory that lacuna augment wrote")
    }
    return kept
  }

  /// The files with a seed that a manifest names; nil where there is no manifest.
  private static func manifest(_ path: String) throws -> Set<ExactText>? {
    guard FileSystem.exists(path) else { return nil }
    let rows: [CSV.Row]
    do {
      rows = try CSV.rows(of: String(decoding: FileSystem.readBytes(path), as: UTF8.self))
    } catch let error as FileError {
      throw error
    } catch {
      throw TaskError("\(path): is damaged (\(error)); without it every image counts as generated")
    }
    guard let header = rows.first?.fields, let file = header.firstIndex(of: "file") else {
      throw TaskError(
        "\(path): lacks the column 'file'; without this table every image counts as generated")
    }
    let seed = header.firstIndex(of: "seed")
    return Set(
      rows.dropFirst().compactMap { row in
        guard row.fields.count == header.count else { return nil }
        return seed.map { row.fields[$0].isEmpty } ?? false ? nil : ExactText(row.fields[file])
      })
  }
}
