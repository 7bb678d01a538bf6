import Files
import Images
import TestSupport
import Testing

/// The man page's options are what the program declares.
///
/// Without Python the tests say so and are skipped.
@Suite struct ManPageTests {
  private static let script = FileSystem.join(Workplace.repository, "Scripts/make_man_page.py")

  fileprivate static var hasPython: Bool {
    guard let place = try? Workplace() else { return false }
    return (try? place.lacuna.shell("python3 -c 'import json'").status == 0) ?? false
  }

  /// Makes a page of this source, which names the commands in its own way.
  private func make(_ source: String) throws -> (place: Workplace, result: CommandRunner.Result) {
    let place = try Workplace()
    try place.folder.write(source, to: "source")
    let result = try place.lacuna.shell(
      "python3 '\(Self.script)' '\(CommandRunner.program)' source page")
    return (place, result)
  }

  @Test(.enabled("python3 is not here") { ManPageTests.hasPython })
  func thePageIsUpToDate() throws {
    let place = try Workplace()
    let result = try place.lacuna.shell(
      "python3 '\(Self.script)' '\(CommandRunner.program)' --check")
    #expect(result.status == 0, "\(result.errors)\(result.output)")
  }

  @Test(.enabled("python3 is not here") { ManPageTests.hasPython })
  func whatTheProgramHasNotIsRefused() throws {
    for (source, mistake) in [
      ("@options models\n@option --colour\n@end\n", "source:2: lacuna models has no --colour"),
      ("@options paint\n@end\n", "source:1: there is no 'paint', or it stands here twice"),
      ("@options models\n@end\n", "source: has no @options train, recommend, augment"),
      ("@common\n@option --colour\n@end\n", "source:2: no command has --colour"),
      ("@option --json\n", "source:1: '@option --json' makes no sense here"),
    ] {
      let (place, result) = try make(source)
      #expect(result.status == 1)
      #expect(result.errors.hasPrefix(mistake), "\(result.errors)")
      #expect(!FileSystem.exists(place.path("page")))
    }
  }

  @Test(.enabled("python3 is not here") { ManPageTests.hasPython })
  func optionsHaveValuesAndDefaultsAndStandOnce() throws {
    let lacuna = try Workplace().lacuna
    let sections = try CommandTree.commands(lacuna).map { command in
      let name = command.words.joined(separator: " ")
      let note = name == "traverse" ? "@option --steps\nNinety-nine at most.\n" : ""
      return ".SH \(name)\n@options \(name)\n\(note)@end\n"
    }
    let source = "@common\n@option --json\n@end\n" + sections.joined()
    let (place, result) = try make(source)
    #expect(result.status == 0, "\(result.errors)")
    let page = try place.text("page")
    #expect(
      page.contains(
        """
        .TP
        .BI \\-\\-steps " steps"
        Pictures of a row.
        Values: odd, 3...99.
        Default: 9.
        Ninety-nine at most.

        """))
    #expect(page.contains("Values: \\fBpng\\fR or \\fBjpeg\\fR.\nDefault: \\fBpng\\fR.\n"))
    #expect(page.split(separator: ".B \\-\\-json\n").count == 2)
    #expect(page.contains("As for \\fBlacuna train\\fR: \\fB\\-\\-threads\\fR"))
  }
}
