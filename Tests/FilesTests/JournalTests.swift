import Files
import TestSupport
import Testing

@Suite("Journals tell what was done before")
struct JournalTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("journal")
    let journal = try Journal.begin(path, kind: "test", identity: "same")
    try journal.append([["a", "1,2"], ["b", "two\nlines"]])
    try journal.append([])
    try journal.append([["c", ""]])
  }

  private func append(_ text: String) throws { try GrowingFile.append(Array(text.utf8), to: path) }

  private func resume(kind: String = "test", identity: String = "same") throws -> [[String]] {
    try Journal.resume(path, of: "out", kind: kind, identity: identity).records
  }

  @Test func recordsAreReadBack() throws {
    #expect(try resume() == [["a", "1,2"], ["b", "two\nlines"], ["c", ""]])
    let (journal, _) = try Journal.resume(path, of: "out", kind: "test", identity: "same")
    try journal.append([["d"]])
    #expect(try resume().last == ["d"])
    try journal.finish()
    #expect(folder.names().isEmpty)
  }

  @Test(arguments: ["d", "d,\"e\n", "\"d\"e\nf\n"])
  func aRecordThatWasCutShortIsCutOff(_ rest: String) throws {
    try append(rest)
    let (journal, records) = try Journal.resume(path, of: "out", kind: "test", identity: "same")
    #expect(records.count == 3)
    try journal.append([["d", "e"]])
    #expect(try resume().last == ["d", "e"])
  }

  @Test func recordsThatDoNotCountAreCutOff() throws {
    let (_, records) = try Journal.resume(
      path, of: "out", kind: "test", identity: "same", whole: { _ in 1 })
    #expect(records == [["a", "1,2"]])
    #expect(try resume() == records)
  }

  @Test(arguments: [
    (["a", "i", "n"], "another model"), (["b", "i", "m"], "other arguments"),
    (["a", "j", "n"], "other images and another model"),
    (["b", "j", "n"], "other arguments, other images or another model"),
  ])
  func aRefusalSaysWhatHasChanged(_ texts: [String], _ words: String) throws {
    func identity(_ texts: [String]) -> String {
      RunIdentity(Array(zip([.arguments, .images, .model], texts))).text
    }
    #expect(identity(["a", "i", "m"]) == identity(["a", "i", "m"]))
    #expect {
      try Journal.check(identity(["a", "i", "m"]), is: identity(texts), of: "out")
    } throws: {
      "\($0)".hasPrefix("out: was made with \(words); ")
    }
  }

  @Test func runsOfOthersAreRefused() throws {
    let before = try FileSystem.readBytes(path)
    #expect {
      try resume(identity: "other")
    } throws: {
      "\($0)".hasPrefix("out: was made with other arguments, other images or another model; ")
    }
    #expect(throws: OutputError("\(path): is damaged; --overwrite starts again")) {
      try resume(kind: "other")
    }
    #expect(try FileSystem.readBytes(path) == before)
    try folder.write("lacuna-test,2,same\n", to: "journal")
    #expect {
      try resume()
    } throws: {
      "\($0)".contains("is of another version of lacuna")
    }
  }
}
