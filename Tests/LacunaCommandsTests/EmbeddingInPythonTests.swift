import Tasks
import TestSupport
import Testing

/// The table as others read it.
///
/// Without Python the tests say so and are skipped.
@Suite struct EmbeddingInPythonTests {
  /// Whether Python can import these modules.
  fileprivate static func python(imports modules: String) -> Bool {
    guard let place = try? Workplace() else { return false }
    let line = "python3 -c 'import \(modules)'"
    return (try? place.lacuna.shell(line).status == 0) ?? false
  }

  /// What stands between a line of three backticks with this word and the next one.
  private static func blocks(_ language: String, in text: String) -> [String] {
    text.split(separator: "```").filter { $0.hasPrefix("\(language)\n") }
      .map { String($0.dropFirst(language.count + 1)) }
  }

  private func awkwardTable() throws -> Workplace {
    let place = try Workplace()
    try place.trainAutoencoder()
    let digits = place.folder.names(in: "fixtures/digits-holdout")
    let names = ["a, b", "a \"b\"", "a\nb", "ä 数", " '#=1"]
    for (digit, name) in zip(digits, names) {
      try place.copy("fixtures/digits-holdout/\(digit)", to: "images/x, \"y\"/\(name).png")
      try place.copy("fixtures/digits-holdout/\(digit)", to: "images/z/\(name).png")
    }
    for output in ["t.csv", "t.npy"] {
      let result = try place.lacuna.run(
        "embed", "images", "--model", "encoder.safetensors", "--output", output)
      #expect(result.status == 0)
    }
    return place
  }

  private func check(_ script: String, in place: Workplace) throws {
    try place.folder.write(script, to: "check.py")
    let result = try place.lacuna.shell("python3 check.py")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output == "10 rows\n")
  }

  @Test(.enabled("python3 is not here") { EmbeddingInPythonTests.python(imports: "csv, struct") })
  func pythonReadsTheTableWithoutOptions() throws {
    try check(
      """
      import csv, os, struct
      rows = list(csv.reader(open("t.csv", newline="")))
      names = [os.path.join(d[len("images/"):], f) for d, _, fs in os.walk("images") for f in fs]
      assert [row[0] for row in rows[1:]] == sorted(names, key=os.fsencode), rows
      assert all(row[1] == row[0].split("/")[0] for row in rows[1:]), rows
      matrix = open("t.npy", "rb").read()[128:]
      values = [float(text) for row in rows[1:] for text in row[2:]]
      assert struct.pack("<%df" % len(values), *values) == matrix
      texts = list(csv.reader(open("t.filenames.csv", newline="")))
      assert texts == [row[:2] for row in rows]
      print(len(rows) - 1, "rows")
      """, in: awkwardTable())
  }

  @Test(
    .enabled("NumPy and pandas are not here") {
      EmbeddingInPythonTests.python(imports: "numpy, pandas")
    })
  func pandasAndNumPyReadTheTableWithoutOptions() throws {
    try check(
      """
      import numpy, pandas
      table, matrix = pandas.read_csv("t.csv"), numpy.load("t.npy")
      assert matrix.dtype == numpy.float32 and matrix.shape == (10, 4)
      features = table.filter(like="embedding_").to_numpy(numpy.float32)
      assert features.tobytes() == matrix.tobytes()
      assert list(table.columns[:2]) == ["filename", "label"]
      assert set(table["label"]) == {'x, "y"', "z"}
      assert 'z/a, b.png' in set(table["filename"])
      assert 'z/a\\nb.png' in set(table["filename"])
      print(len(table), "rows")
      """, in: awkwardTable())
  }

  @Test(
    .enabled("scikit-learn and pandas are not here") {
      EmbeddingInPythonTests.python(imports: "sklearn, pandas")
    })
  func theDocumentedExampleRuns() throws {
    let text = try Workplace.text("Documentation/Embedding.md")
    let shell = try #require(Self.blocks("sh", in: text).first)
    let python = try #require(Self.blocks("python", in: text).first)
    #expect((shell + python).split(separator: "\n").count <= 12)
    let place = try Workplace()
    let embedded = try place.lacuna.shell("set -e\n" + shell)
    #expect(embedded.status == 0, "\(embedded.errors)")
    try place.folder.write(python, to: "example.py")
    let result = try place.lacuna.shell("python3 example.py")
    #expect(result.status == 0, "\(result.errors)")
    let names = result.output.split(separator: "\n").filter { $0.contains("digit") }
    #expect(names.count == 20)
    // The classifier has learnt something: a name says which digit it is.
    let right = names.count { line in
      let words = line.split { " ".contains($0) }
      return words.first?.dropFirst(5).prefix(1) == words.last
    }
    #expect(right >= 12, "\(result.output)")
  }
}
