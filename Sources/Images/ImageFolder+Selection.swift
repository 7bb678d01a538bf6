extension ImageFolder {
  /// The same directory with those images alone that pass a test; its classes stay.
  package func keeping(where isKept: (Entry) -> Bool) -> ImageFolder {
    keeping(entries.filter(isKept))
  }

  /// The same directory with a block of its images alone, perhaps none; its classes stay.
  ///
  /// - Parameter keepsProblems: whether what cannot be read is still told of: once is enough where blocks are worked on
  ///   side by side.
  package func block(_ range: Range<Int>, keepsProblems: Bool) -> ImageFolder {
    ImageFolder(
      root: root, classes: classes, entries: Array(entries[range]),
      problems: keepsProblems ? problems : [])
  }

  /// The same directory with these of its images alone; its classes stay.
  func keeping(_ entries: [Entry]) -> ImageFolder {
    ImageFolder(root: root, classes: classes, entries: entries, problems: problems)
  }
}
