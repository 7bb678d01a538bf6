import Files
import TestSupport
import Testing
import Training

/// Tables as other programs write them, and from pipes.
@Suite struct ForeignTableTests {
  private let place: Workplace
  private let names: [String]

  init() throws {
    place = try Workplace()
    names = Array(place.folder.names(in: "fixtures/digits-holdout").prefix(8))
    try place.folder.write(table(), to: "labels.csv")
  }

  /// Labels, even and odd, of some images.
  private func table(
    header: String = "filename,label", separator: String = ",", end: String = "\n",
    pad: (String) -> String = { $0 }
  ) -> String {
    let rows = names.enumerated().map { number, name in
      pad(name) + separator + pad(number % 2 == 0 ? "even" : "odd")
    }
    return ([header] + rows).map { $0 + end }.joined()
  }

  private func train(_ labels: String) throws -> CommandRunner.Result {
    try place.lacuna.run(
      "train", "fixtures/digits-holdout", "--labels", labels, "--model", "naive-bayes", "--output",
      "m.st", "--overwrite", "--quiet")
  }

  private func classes() throws -> [String] {
    try ModelFile(contentsOf: place.path("m.st")).classes
  }

  @Test func tablesOfSpreadsheetsAreRead() throws {
    for text in [
      table(end: "\r"), table(end: "\r\n"), "\u{feff}" + table(end: "\r\n") + "\r\n,\r\n \r\n",
      table(header: " FileName , LABEL "), table { " \($0)\t" }, table { "\u{a0}\($0)\u{a0}" },
      table(separator: " , ") { "\"\($0)\"" },
    ] {
      try place.folder.write(text, to: "t.csv")
      let result = try train("t.csv")
      #expect(result.status == 0, "\(result.errors)")
      #expect(try classes() == ["even", "odd"])
    }
  }

  @Test func whatIsNoSuchTableIsSaid() throws {
    for (text, reason) in [
      (table(header: "filename;label", separator: ";"), "are separated by semicolons"),
      (table(header: "filename\tlabel", separator: "\t"), "are separated by tabs"),
      (table(header: "\"filename\"\t\"label\"", separator: "\t"), "are separated by tabs"),
      (table(header: "filename,label,Label,LABEL"), "t.csv:2: its number of fields is 2"),
      (table(header: "filename,Label,LABEL"), "t.csv:1: the header has two columns 'label'"),
    ] {
      try place.folder.write(text, to: "t.csv")
      let result = try train("t.csv")
      #expect(result.status == 1 && result.errors.contains(reason), "\(result.errors)")
    }
    let wide: [UInt8] = table().utf8.flatMap { [$0, UInt8(0)] }
    let latin: [UInt8] = Array(table().utf8) + [0xe9, 0x0a]
    for bytes in [[0xff, 0xfe] + wide, wide, latin] as [[UInt8]] {
      try place.folder.write(bytes, to: "t.csv")
      let result = try train("t.csv")
      #expect(result.status == 1 && result.errors.contains("save it as UTF-8"), "\(result.errors)")
    }
  }

  @Test func tablesComeFromPipes() throws {
    let rest = "--model naive-bayes --output m.st --overwrite --quiet"
    let start = "lacuna train fixtures/digits-holdout --labels"
    for line in [
      "cat labels.csv | \(start) /dev/stdin \(rest)", "\(start) /dev/stdin \(rest) < labels.csv",
      "mkfifo pipe; cat labels.csv > pipe & \(start) pipe \(rest)",
    ] {
      let result = try place.lacuna.shell(line)
      #expect(result.status == 0, "\(result.errors)")
      #expect(try classes() == ["even", "odd"])
      try FileSystem.removeFile(place.path("m.st"))
    }
    let empty = try place.lacuna.shell("printf '' | \(start) /dev/stdin \(rest)")
    #expect(empty.status == 1 && empty.errors.contains("/dev/stdin: is empty; its first line"))
  }

  @Test func whatNeedsAFileSaysThatItIsAPipe() throws {
    try place.trainNaiveBayes()
    let image = "fixtures/digits-holdout/digit0-01.png"
    for line in [
      "cat nb.safetensors | lacuna inspect /dev/stdin",
      "cat nb.safetensors | lacuna evaluate likelihood fixtures/digits --model /dev/stdin",
      "cat \(image) | lacuna train /dev/stdin --model naive-bayes --output x.st",
      "cat \(image) | lacuna impute /dev/stdin --region center --model nb.safetensors --output o",
      "cat \(image) | lacuna impute fixtures/digits-holdout --masks /dev/stdin --model "
        + "nb.safetensors --output o",
    ] {
      let result = try place.lacuna.shell(line)
      #expect(result.status == 1)
      #expect(result.errors.hasPrefix("lacuna: error: /dev/stdin: is a pipe; "), "\(result.errors)")
    }
  }

  @Test func columnsOfFeaturesAreMatchedByName() throws {
    let header = ["filename", "label"] + (0..<12).map { "embedding_\($0)" }
    let rows = (0..<40).map { row in
      ["\(row).png", "c\(row % 2)"]
        + (0..<12).map { "\(($0 * 7 + row * (3 + row % 2)) % 11).\(row % 10)" }
    }
    func write(_ name: String, _ order: [Int], _ rename: (String) -> String = { $0 }) throws {
      let lines = ([header.map(rename)] + rows).map { row in CSV.line(order.map { row[$0] }) }
      try place.folder.write(lines.joined(), to: name)
    }
    func evaluate(_ test: String) throws -> CommandRunner.Result {
      try place.lacuna.run(
        "evaluate", "embedding", "plain.csv", test, "--labels-per-class", "5", "--draws", "3")
    }
    let order = Array(header.indices)
    try write("plain.csv", order)
    try write("sorted.csv", [0, 1] + (2..<14).sorted { header[$0] < header[$1] })
    try write("back.csv", order.reversed())
    try write("less.csv", order.dropLast())
    try write("other.csv", order) { $0 == "embedding_3" ? "embedding_x" : $0 }
    let expected = try evaluate("plain.csv")
    #expect(expected.status == 0)
    #expect(try evaluate("sorted.csv").output == expected.output)
    #expect(try evaluate("back.csv").output == expected.output)
    let less = try evaluate("less.csv")
    #expect(less.status == 1 && less.errors.contains("less.csv: lacks the features embedding_11,"))
    let other = try evaluate("other.csv")
    #expect(other.status == 1)
    #expect(
      other.errors.contains("lacks the features embedding_3 and has the features embedding_x bes"))
  }
}
