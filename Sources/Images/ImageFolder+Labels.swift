import Files

extension ImageFolder {
  /// The same images with the labels of a table in place of those of their folders.
  ///
  /// Classes are the table's labels in byte order. Images that it does not name have no label.
  ///
  /// - Throws: ``LabelFileError`` where a line names no image, one of several, or one named before.
  public func labelled(by file: LabelFile) throws(LabelFileError) -> ImageFolder {
    let classes = ExactText.distinct(file.rows.compactMap(\.label))
    let indices = ExactText.places(of: classes)
    let names = EntryNames(entries)
    var lines = [Int?](repeating: nil, count: entries.count)
    var labels = [Int?](repeating: nil, count: entries.count)
    for row in file.rows {
      func refusal(_ reason: LabelFileError.Reason) -> LabelFileError {
        LabelFileError(path: file.path, line: row.line, reason: reason)
      }
      switch names[row.filename] {
      case nil:
        let paths = entries.map(\.relativePath)
        let hint = ExactText.hint(
          row.filename, among: paths + paths.map(FileSystem.withoutExtension))
        throw refusal(.unknownFile(row.filename, directory: root + hint))
      case .several: throw refusal(.ambiguousFile(row.filename))
      case .one(let entry):
        if let line = lines[entry] { throw refusal(.repeatedFile(row.filename, line: line)) }
        lines[entry] = row.line
        labels[entry] = row.label.flatMap { indices[$0] }
      }
    }
    return ImageFolder(
      root: root, classes: classes,
      entries: zip(entries, labels).map { entry, label in
        Entry(relativePath: entry.relativePath, label: label)
      }, problems: problems)
  }
}

/// Finds images by path, with or without extension.
private struct EntryNames {
  enum Match {
    case one(Int)
    case several
  }

  private var whole: [ExactText: Match] = [:]
  private var withoutExtension: [ExactText: Match] = [:]

  init(_ entries: [ImageFolder.Entry]) {
    for (index, entry) in entries.enumerated() {
      let path = entry.relativePath
      let stem = FileSystem.withoutExtension(path)
      whole[path] = whole[path] == nil ? .one(index) : .several
      withoutExtension[stem] = withoutExtension[stem] == nil ? .one(index) : .several
    }
  }

  /// The image of this name; a whole path counts before one without extension.
  subscript(name: String) -> Match? {
    let isBelow = name.utf8.starts(with: "./".utf8)
    let path = isBelow ? String(decoding: name.utf8.dropFirst(2), as: UTF8.self) : name
    return whole[path] ?? withoutExtension[path]
  }
}
