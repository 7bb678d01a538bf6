import Files

/// The log of a training: a JSON object a line, kept in order over interruptions.
final class TrainingLog {
  private let path: String
  private(set) var lines: [Line]

  /// One line: numbers by name, in this order.
  struct Line {
    let step: Int
    let entries: [(name: String, value: Double)]

    /// Six digits after the point are enough for a log.
    var json: JSON {
      let rest = entries.map { entry in
        let value = entry.value
        let rounded = value == value.rounded() ? value : (value * 1e6).rounded() / 1e6
        return (entry.name, JSON.number(rounded == 0 ? value : rounded))
      }
      return .object([("step", .integer(step))] + rest)
    }
  }

  /// Where the log of a training to this file stands.
  static func path(for output: String) -> String { Trainer.base(output) + ".log.jsonl" }

  /// A log at this path; resuming keeps the lines up to a step.
  init(path: String, keepingUpTo step: Int?) {
    self.path = path
    lines = []
    guard let step, let bytes = try? FileSystem.readBytes(path) else { return }
    for text in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      guard let line = Self.parse(text), line.step <= step else { continue }
      lines.append(line)
    }
  }

  /// Names of what the log tells of the learning, validation last.
  var valueNames: [String] {
    var names: [String] = []
    for (name, _) in lines.flatMap(\.entries)
    where !["epoch", "learning_rate", "seconds"].contains(name) && !names.contains(name) {
      names.append(name)
    }
    let last = ["validation", "validation_averaged"].filter(names.contains)
    return names.filter { !last.contains($0) } + last
  }

  func append(step: Int, _ entries: [(name: String, value: Double)]) {
    lines.append(Line(step: step, entries: entries))
  }

  func write() throws {
    try AtomicFile.write(
      Array((lines.map(\.json.line).joined(separator: "\n") + "\n").utf8), to: path)
  }

  /// Reads a line that was written: names and numbers alone, the step first.
  private static func parse(_ text: Substring) -> Line? {
    guard case .object(let entries)? = try? JSON(reading: String(text)),
      entries.first?.name == "step", case .integer(let step)? = entries.first?.value
    else { return nil }
    return Line(
      step: step,
      entries: entries.dropFirst().map { ($0.name, $0.value.asNumber ?? .infinity) })
  }
}
