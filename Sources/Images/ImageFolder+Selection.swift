extension ImageFolder {
  /// The same directory with those images alone that pass a test; its classes stay.
  package func keeping(where isKept: (Entry) -> Bool) -> ImageFolder {
    ImageFolder(
      root: root, classes: classes, entries: entries.filter(isKept), problems: problems)
  }
}
