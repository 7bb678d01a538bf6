extension ImageFolder {
  /// The same directory with those images alone that pass a test; its classes stay.
  package func keeping(where isKept: (Entry) -> Bool) -> ImageFolder {
    keeping(entries.filter(isKept))
  }

  /// The same directory with these of its images alone; its classes stay.
  func keeping(_ entries: [Entry]) -> ImageFolder {
    ImageFolder(root: root, classes: classes, entries: entries, problems: problems)
  }
}
