import Files
import Platform
import TestSupport
import Testing

/// A run that is killed or interrupted goes on to the same files as an uninterrupted one.
@Suite struct InterruptedImputingTests {
  @Test(arguments: [SIGKILL, SIGINT, SIGHUP])
  func aRunThatWasCutShortGoesOn(_ signal: Int32) throws {
    let place = try Workplace()
    try place.trainNaiveBayes()
    let arguments = [
      "impute", "fixtures/digits-holdout", "--masks", "fixtures/masks", "--model",
      "nb.safetensors", "--samples", "60", "--batch", "1", "--mean",
    ]
    #expect(try place.lacuna.run(arguments + ["--output", "whole"]).status == 0)

    let command = try place.lacuna.start(arguments + ["--output", "part"])
    let journal = place.path("part/.lacuna-journal.csv")
    #expect(place.wait { (try? FileSystem.readBytes(journal).count) ?? 0 > 15000 })
    command.send(signal)
    #expect(try command.wait().status == (signal == SIGKILL ? 128 + signal : 130))
    #expect(!FileSystem.exists(place.path("part/completions.csv")))

    // A line cut in the middle, as a full disk or a loss of power leaves it, does no harm.
    let cut = try FileSystem.readBytes(journal).dropLast(7)
    try AtomicFile.write(Array(cut), to: journal)

    let refused = try place.lacuna.run(arguments + ["--output", "part"])
    #expect(refused.status == 1)
    let other = try place.lacuna.run(arguments + ["--output", "part", "--resume", "--seed", "5"])
    #expect(other.status == 1)
    #expect(other.errors.contains("was made with other arguments"))

    let resumed = try place.lacuna.run(arguments + ["--output", "part", "--resume"])
    #expect(resumed.status == 0)
    #expect(resumed.output.contains("done before"))
    var (whole, part) = (try place.files(below: "whole"), try place.files(below: "part"))
    // The name of the output stands in run.json.
    whole["run.json"] = nil
    part["run.json"] = nil
    #expect(part.keys.sorted() == whole.keys.sorted())
    #expect(part == whole)
  }

  @Test func aFinishedRunIsResumedWithoutWork() throws {
    let place = try Workplace()
    try place.trainNaiveBayes()
    let arguments = [
      "impute", "fixtures/digits-holdout", "--region", "center", "--model", "nb.safetensors",
      "--output", "out",
    ]
    #expect(try place.lacuna.run(arguments).status == 0)
    let before = try place.files(below: "out")
    try FileSystem.removeFile(place.path("out/digit4-01.png"))
    let resumed = try place.lacuna.run(arguments + ["--resume"])
    #expect(resumed.status == 0)
    #expect(resumed.output.contains("done before  19 images"))
    #expect(try place.files(below: "out") == before)
  }
}
