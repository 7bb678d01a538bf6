import Files
import Platform
import Tasks
import TestSupport
import Testing

/// `lacuna embed` and `lacuna evaluate embedding` as a user runs them.
@Suite struct EmbedTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.trainAutoencoder()
  }

  private func embed(_ arguments: String...) throws -> CommandRunner.Result {
    try place.lacuna.run(["embed"] + arguments + ["--model", "encoder.safetensors"])
  }

  @Test func aTableIsWrittenOnceUnlessAskedFor() throws {
    let result = try embed("fixtures/digits", "--output", "t.csv", "--json")
    #expect(result.status == 0)
    #expect(result.output.contains("\"images\": 400"))
    #expect(result.output.contains("\"features\": 4"))
    let table = try place.bytes("t.csv")
    #expect(CSV.lines(of: String(decoding: table, as: UTF8.self)).count == 401)
    let refused = try embed("fixtures/digits", "--output", "t.csv")
    #expect(refused.status == 1)
    #expect(
      refused.errors
        == "lacuna: error: t.csv: exists; --overwrite replaces it, or give --output another name\n")
    let confirmed = try embed("fixtures/digits", "--output", "t.csv", "--resume")
    #expect(confirmed.status == 0)
    #expect(confirmed.errors.contains("t.csv: is complete already"))
    let other = try embed("fixtures/digits-holdout", "--output", "t.csv", "--resume")
    #expect(other.status == 1)
    #expect(other.errors.contains("is of other images, another model or other arguments"))
    let again = try embed(
      "fixtures/digits", "--output", "t.csv", "--overwrite", "--threads", "1", "--batch", "3")
    #expect(again.status == 0)
    #expect(try place.bytes("t.csv") == table)
  }

  @Test func anImageHasTheSameFeaturesAlone() throws {
    #expect(try embed("fixtures/digits-holdout", "--output", "all.csv").status == 0)
    let one = "fixtures/digits-holdout/digit7-01.png"
    #expect(try embed(one, "--output", "one.csv").status == 0)
    let rows = CSV.lines(of: try place.text("all.csv"))
    #expect(CSV.lines(of: try place.text("one.csv"))[1] == rows.first { $0[0] == "digit7-01.png" })
    #expect(Set(rows.map { $0[1...].joined() }).count == 21)
  }

  @Test func badImagesDecideTheStatus() throws {
    try place.copy("fixtures/digits-holdout/digit7-01.png", to: "images/a.png")
    try place.copy("fixtures/broken/truncated.png", to: "images/b.png")
    let result = try embed("images", "--output", "t.csv")
    #expect(result.status == 2)
    #expect(result.errors.contains("lacuna: warning: images/b.png: "))
    #expect(result.errors.contains("1 input was skipped"))
    let strict = try embed("images", "--output", "s.csv", "--strict")
    #expect(strict.status == 1)
    #expect(!place.folder.names().contains { $0.contains("s.csv") })
    let none = try embed("fixtures/broken", "--output", "n.csv")
    #expect(none.status == 1)
    #expect(none.errors.contains("fixtures/broken: no image could be embedded"))
  }

  @Test func predictionsOfAClassifierAreWrittenAndJudged() throws {
    let trained = try place.lacuna.run(
      "train", "fixtures/digits", "--model", "semi-vae", "--set", "network=dense", "--set",
      "latent=4", "--set", "hidden=32", "--levels", "17", "--epochs", "2", "--output",
      "semi.safetensors", "--quiet")
    #expect(trained.status == 0)
    let embedded = try place.lacuna.run(
      "embed", "fixtures/digits", "--model", "semi.safetensors", "--predict", "--variance",
      "--output", "t.csv")
    #expect(embedded.status == 0)
    let rows = CSV.lines(of: try place.text("t.csv"))
    #expect(rows[0].count == 2 + 4 + 4 + 1 + 10)
    let numbers = rows.dropFirst().map { row in row[2...].compactMap { Float($0) } }
    // The class is a number too.
    #expect(numbers.allSatisfy { $0.count == 19 && abs($0[9...].reduce(0, +) - 1) < 1e-4 })
    #expect(numbers.allSatisfy { row in row[4..<8].allSatisfy { $0 > 0 } })
    let right = rows.dropFirst().count { $0[1] == $0[10] }
    let report = try place.lacuna.run("evaluate", "embedding", "t.csv", "t.csv", "--json")
    #expect(report.status == 0)
    let share = Double(right) / 400
    #expect(report.output.contains("\"model_accuracy\": \(share == 1 ? "1" : "\(share)")"))
  }

  @Test func whatTheModelLacksIsSaid() throws {
    let predict = try embed("fixtures/digits", "--output", "t.csv", "--predict")
    #expect(predict.status == 1)
    #expect(predict.errors.contains("'autoencoder' cannot classify; models that can: "))
    let variance = try embed("fixtures/digits", "--output", "t.csv", "--variance")
    #expect(variance.errors.contains("'autoencoder' encodes an image as a point"))
    try place.trainNaiveBayes()
    let bayes = try place.lacuna.run(
      "embed", "fixtures/digits", "--output", "t.csv", "--model", "nb.safetensors")
    #expect(bayes.status == 1)
    #expect(bayes.errors.contains("'naive-bayes' cannot encode; models that can: "))
    #expect(bayes.errors.contains("autoencoder"))
  }

  @Test(arguments: [SIGKILL, SIGINT])
  func aRunThatWasCutShortGoesOn(_ signal: Int32) throws {
    for digit in place.folder.names(in: "fixtures/digits-holdout") {
      for folder in ["a", "b", "c", "y", "z"] {
        try place.copy("fixtures/digits-holdout/\(digit)", to: "many/\(folder)/\(digit)")
      }
    }
    // More warnings than a pipe holds, and images behind them: as long as nobody reads standard error, the command waits.
    let name = String(repeating: "x", count: 200)
    for number in 0..<400 {
      try place.copy("fixtures/broken/truncated.png", to: "many/m/\(number)-\(name).png")
    }
    #expect(try embed("many", "--output", "whole.csv").status == 2)

    let result = try place.lacuna.shell(
      """
      mkfifo errors
      lacuna embed many --output part.csv --batch 64 --threads 1 --model encoder.safetensors 2>errors &
      exec 3<errors
      for i in $(seq 3000); do grep -q ^done .part.csv.journal && break; sleep 0.01; done 2>seen
      kill -\(signal) $!
      cat <&3 >warnings
      wait $!
      """)
    #expect(result.status == (signal == SIGINT ? 130 : 128 + signal))
    #expect(!FileSystem.exists(place.path("part.csv")))

    let refused = try embed("many", "--output", "part.csv")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("an interrupted run left it; --resume goes on from there"))
    let resumed = try embed("many", "--output", "part.csv", "--resume")
    #expect(resumed.status == 2)
    #expect(resumed.output.contains("done before"))
    #expect(try place.bytes("part.csv") == place.bytes("whole.csv"))
    #expect(!place.folder.names().contains { $0.hasPrefix(".") })
  }

  @Test func embeddingsAreEvaluated() throws {
    #expect(try embed("fixtures/digits", "--output", "t.csv").status == 0)
    let arguments = ["evaluate", "embedding", "t.csv", "t.csv", "--labels-per-class", "8"]
    let result = try place.lacuna.run(arguments + ["--draws", "2"])
    #expect(result.status == 0)
    for text in ["training rows  80 (10 classes)", "nearest neighbours", "logistic regression"] {
      #expect(result.output.contains(text))
    }
    let first = try place.lacuna.run(arguments + ["--draws", "2", "--json", "--threads", "1"])
    let second = try place.lacuna.run(arguments + ["--draws", "2", "--json"])
    #expect(first.status == 0)
    #expect(first.output == second.output)
    #expect(first.output.contains("\"labels_per_class\": 8"))
    let other = try place.lacuna.run(arguments + ["--draws", "2", "--json", "--seed", "1"])
    #expect(other.output != first.output)
  }
}
