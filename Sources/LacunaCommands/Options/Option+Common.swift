import ArgumentParser

/// Options that several commands have, each with a text and a default of its own.
extension Option<UInt64> {
  /// `--seed`, 0 unless given.
  init(seed help: String) {
    self.init(wrappedValue: 0, help: help, takes: .anyNumber(in: 0...UInt64.max))
  }
}

extension Option<Int> {
  /// `--batch`: how many images are handled together.
  init(wrappedValue: Int, batch help: String) {
    self.init(
      wrappedValue: wrappedValue, help: help, value: "count", takes: .number(in: 1...65536))
  }

  /// `--samples`: completions of an image.
  init(wrappedValue: Int, samples help: String) {
    self.init(
      wrappedValue: wrappedValue, help: help, value: "count", takes: .number(in: 1...100_000))
  }
}

extension Option<Int?> {
  /// `--labels-per-class`: how many labelled images or rows of each class are used.
  init(labelsPerClass help: String, otherwise: String) {
    self.init(help: help, value: "count", takes: .number(from: 1), otherwise: otherwise)
  }
}

extension Option<String?> {
  /// An option that names a picture to draw besides the results.
  init(picture help: String) {
    self.init(help: ArgumentHelp(help, valueName: "file.png"))
  }
}
