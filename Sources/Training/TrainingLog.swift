import Files

/// The log of a training: a JSON object a line, kept in order over interruptions.
final class TrainingLog {
  private let path: String
  private(set) var lines: [Line]

  /// One line: numbers by name, in this order.
  struct Line {
    let step: Int
    let entries: [(name: String, value: Double)]

    var text: String {
      let rest = entries.map { "\"\($0.name)\":\(Self.json($0.value))" }
      return "{" + (["\"step\":\(step)"] + rest).joined(separator: ",") + "}"
    }

    /// JSON has no infinities; six digits after the point are enough for a log.
    private static func json(_ value: Double) -> String {
      guard value.isFinite else { return "null" }
      if value == value.rounded(), abs(value) < 1e15 { return "\(Int(value))" }
      return "\((value * 1e6).rounded() / 1e6 == 0 ? value : (value * 1e6).rounded() / 1e6)"
    }
  }

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

  func append(step: Int, _ entries: [(name: String, value: Double)]) {
    lines.append(Line(step: step, entries: entries))
  }

  func write() throws {
    try AtomicFile.write(Array((lines.map(\.text).joined(separator: "\n") + "\n").utf8), to: path)
  }

  /// Reads a line that `text` wrote: flat, names and numbers alone.
  private static func parse(_ text: Substring) -> Line? {
    guard text.hasPrefix("{"), text.hasSuffix("}") else { return nil }
    var entries: [(String, Double)] = []
    for pair in text.dropFirst().dropLast().split(separator: ",") {
      let parts = pair.split(separator: ":")
      guard parts.count == 2 else { return nil }
      let name = String(parts[0].filter { $0 != "\"" })
      entries.append((name, parts[1] == "null" ? .infinity : Double(parts[1]) ?? .nan))
    }
    guard entries.first?.0 == "step", let step = entries.first?.1, step.isFinite else { return nil }
    return Line(step: Int(step), entries: Array(entries.dropFirst()))
  }
}
