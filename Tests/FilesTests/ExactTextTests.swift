import Files
import TestSupport
import Testing

/// Names are told apart by their bytes, whatever `String` thinks of them.
@Suite struct ExactTextTests {
  @Test(arguments: UnicodeForms.pairs)
  func namesThatLookTheSameAreTwo(_ one: String, _ other: String) {
    #expect(one == other)
    #expect(!one.isExactly(other) && one.isExactly(one))
    #expect(ExactText(one) != ExactText(other))
    #expect(ExactText.distinct([other, one, other]).count == 2)
    var places = ExactText.places(of: [one, other])
    #expect(places.count == 2 && places[one] == 0 && places[other] == 1)
    places[one] = nil
    #expect(places[one] == nil && places[other] == 1)
    #expect([one, other].firstIndex(ofExactly: other) == 1)
    #expect([one].firstIndex(ofExactly: other) == nil)
    #expect(!Set([ExactText(one)]).contains(other))
    #expect(ExactText.hint(one, among: [other]).contains("Unicode normal form"))
    #expect(ExactText.hint(one, among: ["x"]).isEmpty)
  }

  @Test func textsStandInByteOrder() {
    #expect(ExactText.distinct(["é", "b", "Z", "b"]) == ["Z", "b", "é"])
  }

  @Test(arguments: UnicodeForms.pairs)
  func directoriesThatLookTheSameAreTwo(_ one: String, _ other: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("1", to: "\(one)/a.png")
    try folder.write("2", to: "\(other)/b.png")
    #expect(!PathRelation.isSameOrInside(folder.path("\(one)/a.png"), folder.path(other)))
    #expect(PathRelation.isSameOrInside(folder.path("\(one)/a.png"), folder.path(one)))
    let inputs = Inputs([folder.path(one)], endings: [".png"])
    #expect(throws: Never.self) {
      try OutputDirectory(path: folder.path(other), policy: .overwrite, inputs: inputs)
    }
    #expect(throws: OutputError.self) {
      try OutputDirectory(path: folder.path(one), policy: .overwrite, inputs: inputs)
    }
  }

  /// A mark makes another character of the slash before it, but not another byte.
  @Test(arguments: ["a/../\u{301}b/../x", "..", "/\u{301}x", "../\u{301}x", "a/..", ""])
  func whatLiesElsewhereIsNotRemoved(_ path: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("text", to: "\u{301}x")
    try folder.write("text", to: "x")
    try folder.write("text", to: "out/a/y")
    try folder.write("text", to: "out/\u{301}b/y")
    let directory = try OutputDirectory(
      path: folder.path("out"), policy: .overwrite, inputs: .none)
    #expect(throws: Never.self) { try directory.remove(path) }
    #expect(folder.names() == ["out", "x", "\u{301}x"])
    try directory.remove("a/y")
    #expect(folder.names(in: "out/a").isEmpty)
  }
}
