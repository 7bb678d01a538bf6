import Images
import TestSupport
import Testing

/// `lacuna evaluate chains` at the command line.
@Suite struct EvaluateChainsTests {
  @Test(arguments: [["rbm", "hidden=8"], ["gsn", "hidden=30"]])
  func chainsAreMeasured(_ model: [String]) throws {
    let place = try Workplace()
    let trained = try place.lacuna.run(
      "train", "fixtures/digits", "--model", model[0], "--set", model[1], "--levels", "2",
      "--epochs", "1", "--quiet", "--output", "m.st")
    #expect(trained.status == 0, "\(trained.errors)")
    let arguments = [
      "evaluate", "chains", "--model", "m.st", "--chains", "6", "--sweeps", "60", "--burn-in", "5",
      "--training-set", "fixtures/digits", "--steps", "20",
    ]
    let result = try place.lacuna.run(
      arguments + ["--strip", "strip.png", "--strip-interval", "4", "--plot", "plot.png"])
    #expect(result.status == 0, "\(result.errors)")
    for line in [
      "chains                    6, of 60 sweeps after 5 that are left out", "\nintegrated time ",
      "\neffective draws a second ", "\nclasses of a chain ", "\nchanges of class ",
      "CLASS AS SEEN",
    ] {
      #expect(result.output.contains(line), "\(line)\n\(result.output)")
    }
    let strip = try ImageFile.read(place.path("strip.png"))
    // Fifteen columns, six rows of pictures of 64 pixels.
    #expect(strip.width > 15 * 64 && strip.width < 20 * 72 && strip.height < 7 * 76)
    #expect(Set(try ImageFile.read(place.path("plot.png")).pixels).count > 10)
    func json(_ more: String...) throws -> [Substring] {
      let lines = try place.lacuna.run(arguments + ["--json"] + more).output
        .split(separator: "\n")
      // How long it took differs from run to run.
      return lines.filter { !$0.contains("second") }
    }
    let one = try json("--threads", "1")
    #expect(one.count > 20 && one.contains { $0.contains("\"integrated_time\"") })
    #expect(try json("--threads", "2") == one)
    #expect(try json("--seed", "1") != one)
  }

  @Test func whatDoesNotGoTogetherIsNamed() throws {
    let place = try Workplace()
    _ = try place.lacuna.run(
      "train", "fixtures/digits", "--model", "rbm", "--set", "hidden=4", "--levels", "2",
      "--epochs", "1", "--quiet", "--output", "m.st")
    let line = ["evaluate", "chains", "--model", "m.st", "--sweeps", "20"]
    let unlabelled = try place.lacuna.run(line + ["--training-set", "fixtures/digits-holdout"])
    #expect(unlabelled.status == 1 && unlabelled.errors.contains("no labels of two classes"))
    let large = try place.lacuna.run(line + ["--chains", "100000", "--sweeps", "10000000"])
    #expect(large.status == 1 && large.errors.contains("lower --sweeps or --chains"))
    let same = try place.lacuna.run(line + ["--plot", "x.png", "--strip", "x.png"])
    #expect(same.status == 64 && same.errors.contains("name one file"))
  }
}
