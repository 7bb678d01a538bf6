import Foundation
import Models
import TestSupport
import Testing

/// What the program says is recorded: help, listings, errors.
@Suite struct SnapshotTests {
  @Test(arguments: [
    "", "train", "recommend", "augment", "impute", "embed", "duplicates", "interpolate", "traverse",
    "evaluate",
    "evaluate likelihood",
    "evaluate imputation", "evaluate embedding", "evaluate augmentation", "evaluate samples",
    "evaluate chains", "merge", "models", "inspect", "benchmark", "benchmark sampling",
    "benchmark step",
    "serve",
  ])
  func help(_ command: String) throws {
    let result = try Workplace().lacuna.run(
      command.split(separator: " ").map(String.init) + ["--help"])
    #expect(result.status == 0)
    #expect(result.errors.isEmpty)
    let name = command.isEmpty ? "" : "-" + command.split(separator: " ").joined(separator: "-")
    try Snapshot.check(result.output, "help\(name)")
  }

  @Test(arguments: [
    ["models", "pixelcnn"], ["models", "naive-bayes", "--json"], ["models", "mixture"],
    ["--version"],
  ])
  func listing(_ arguments: [String]) throws {
    let result = try Workplace().lacuna.run(arguments)
    #expect(result.status == 0)
    try Snapshot.check(result.transcript, "listing-" + arguments.joined(separator: "-"))
  }

  /// Whichever models there are, each has its line.
  @Test func everyModelIsListed() throws {
    let place = try Workplace()
    let lines = try place.lacuna.run("models").output.split(separator: "\n")
    let json = try place.lacuna.run("models", "--json").output
    #expect(lines.count == Zoo.models.count + 1)
    #expect(lines[0].split(separator: " ").prefix(3) == ["NAME", "FAMILY", "CAN"])
    for (line, model) in zip(lines.dropFirst(), Zoo.models) {
      #expect(line.hasPrefix("\(model.card.name) ") && line.hasSuffix(model.card.summary))
      #expect(line.contains(" \(Zoo.capabilities(of: model).joined(separator: ", ")) "))
      #expect(json.contains("\"name\": \"\(model.card.name)\""))
      let own = try place.lacuna.run("models", model.card.name)
      #expect(own.status == 0 && own.output.contains(model.card.citation))
    }
  }

  @Test func inspection() throws {
    let place = try Workplace()
    try place.trainNaiveBayes()
    let result = try place.lacuna.run("inspect", "nb.safetensors", "--tensors")
    #expect(result.status == 0)
    // Logarithms may differ in their last digit from one system to the next.
    let stable = result.output.split(separator: "\n").filter {
      !$0.hasPrefix("sha256") && !$0.hasPrefix("training validation_nats")
        && !$0.hasPrefix("training precision")
    }
    try Snapshot.check(stable.joined(separator: "\n") + "\n", "inspect")
  }

  /// Each of these is wrong in its own way; the first word names the snapshot.
  static let mistakes: [(name: String, line: String, status: Int32)] = [
    ("no-arguments-to-train", "train", 64),
    ("unknown-command", "paint", 64),
    ("unknown-option", "models --colour", 64),
    ("unknown-model", "train fixtures/digits --model oracle --output x.safetensors", 1),
    ("unknown-model-to-list", "models oracle", 1),
    ("unknown-setting", "train fixtures/digits --model pixelcnn --set depth=3 --output x.st", 1),
    (
      "setting-out-of-range",
      "train fixtures/digits --model pixelcnn --set layers=1000 --output x.st", 1
    ),
    ("setting-without-value", "train fixtures/digits --model pixelcnn --set layers --output x", 64),
    (
      "epochs-and-minutes",
      "train fixtures/digits --model pixelcnn --epochs 1 --minutes 1 --output x", 64
    ),
    ("size", "train fixtures/digits --model pixelcnn --size 8 --output x", 64),
    ("levels", "train fixtures/digits --model pixelcnn --levels 1 --output x", 64),
    ("threads", "train fixtures/digits --model pixelcnn --threads 0 --output x", 64),
    ("validation-share", "train fixtures/digits --model pixelcnn --validation 1 --output x", 64),
    ("missing-dataset", "train nowhere --model naive-bayes --output x.safetensors", 1),
    ("dataset-without-images", "train empty --model naive-bayes --output x.safetensors", 1),
    ("output-without-directory", "train fixtures/digits --model naive-bayes --output no/x.st", 1),
    ("output-exists", "train fixtures/digits --model naive-bayes --output nb.safetensors", 1),
    ("output-is-a-directory", "train fixtures/digits --model naive-bayes --output empty", 1),
    ("overwrite-and-resume", "train images --model x --output x --overwrite --resume", 64),
    ("sizes-differ", "train mixed --model naive-bayes --output x.safetensors", 1),
    (
      "no-labels-per-class",
      "train fixtures/digits --model naive-bayes --labels-per-class 0 --output x", 64
    ),
    (
      "labels-and-unconditional",
      "train fixtures/digits --model naive-bayes --labels labels.csv --unconditional --output x", 64
    ),
    (
      "labels-of-no-image", "train images --model naive-bayes --labels labels.csv --output x.st", 1
    ),
    (
      "labels-that-are-none", "train images --model naive-bayes --labels nb.safetensors --output x",
      1
    ),
    ("no-labels-to-keep", "train images --model naive-bayes --labels-per-class 2 --output x.st", 1),
    ("impute-without-output", "impute images --region center --model nb.safetensors", 64),
    ("impute-without-holes", "impute images --model nb.safetensors --output x", 64),
    (
      "impute-with-two-kinds-of-holes",
      "impute images --region center --masks images --model nb.safetensors --output x", 64
    ),
    ("region", "impute images --region middle --model nb.safetensors --output x", 64),
    (
      "region-outside",
      "impute images --region 4,4,8,8 --model nb.safetensors --output x", 1
    ),
    (
      "polarity", "impute images --region center --missing grey --model nb.safetensors --output x",
      64
    ),
    (
      "method",
      "impute images --region center --method magic --output x "
        + "--model fixtures/models/digits-pixelcnn.safetensors", 1
    ),
    (
      "label", "impute images --region center --label ten --model nb.safetensors --output x", 1
    ),
    ("missing-model", "impute images --region center --model no.safetensors --output x", 1),
    ("model-that-is-none", "inspect images/a.png", 1),
    ("missing-masks", "impute images --masks nowhere --model nb.safetensors --output x", 1),
    ("masks-of-nothing", "impute images --masks mixed --model nb.safetensors --output x", 1),
    ("output-is-input", "impute images --region center --model nb.safetensors --output images", 1),
    (
      "output-in-input", "impute images --region center --model nb.safetensors --output images/o/p",
      1
    ),
    (
      "output-in-dataset", "train large --model naive-bayes --validation 0.5 --output large/x.st", 1
    ),
    (
      "sheet-without-directory",
      "impute images --region center --model nb.safetensors --output x --contact-sheet no/x.png", 1
    ),
    ("output-not-empty", "impute images --region center --model nb.safetensors --output mixed", 1),
    (
      "nothing-to-resume",
      "impute images --region center --model nb.safetensors --output mixed --resume", 1
    ),
    ("alpha-of-grey", "impute images --masks alpha --model nb.safetensors --output x", 1),
    ("likelihood-of-another-size", "evaluate likelihood large --model nb.safetensors", 1),
    ("augment-without-amount", "augment images --model nb.safetensors --output x", 64),
    (
      "augment-with-two-amounts",
      "augment images --model nb.safetensors --output x --balance --total 3", 64
    ),
    ("augment-of-another-class", "augment named --model nb.safetensors --output x --to 3", 1),
    ("embed-without-output", "embed images --model nb.safetensors", 64),
    ("embedding-batch", "embed images --model nb.safetensors --output x.csv --batch 0", 64),
    ("embedding-neighbors", "embed images --model nb.safetensors --output x.csv --neighbors 0", 64),
    (
      "embedding-map-in-place-of-the-table",
      "embed images --model encoder.safetensors --output x.csv --map ./x.csv", 1
    ),
    (
      "embedding-map-exists",
      "embed images --model encoder.safetensors --output x.csv --map labels.csv", 1
    ),
    ("duplicates-without-features", "duplicates images --model nb.safetensors", 1),
    ("duplicates-threshold", "duplicates images --model encoder.safetensors --threshold 1", 64),
    ("duplicates-threshold-without-model", "duplicates images --threshold 0.5", 64),
    ("duplicates-of-nothing", "duplicates empty", 1),
    ("duplicates-into-their-directory", "duplicates images --output images/x.png", 1),
    ("draws-without-labels", "evaluate embedding a.csv b.csv --draws 3", 64),
    ("neighbours", "evaluate embedding a.csv b.csv --neighbours 0", 64),
    ("missing-table", "evaluate embedding a.csv b.csv", 1),
    ("table-without-labels", "evaluate embedding table.csv table.csv", 1),
    (
      "generated-share",
      "evaluate augmentation images large --generated mixed --generated-share 1", 64
    ),
    ("augmentation-without-classes", "evaluate augmentation images large --generated mixed", 1),
    ("samples-of-nothing", "evaluate samples images", 64),
    ("samples-of-two", "evaluate samples images --generated large --model nb.safetensors", 64),
    (
      "samples-with-a-temperature", "evaluate samples images --generated large --temperature 0.5",
      64
    ),
    ("samples-of-few-images", "evaluate samples images --generated large", 1),
    (
      "samples-of-few-more-images",
      "evaluate samples fixtures/digits --training-set fixtures/digits --generated images", 1
    ),
    (
      "samples-of-another-size",
      "evaluate samples fixtures/digits --training-set large --generated images", 1
    ),
    (
      "samples-by-a-model-that-does-not-encode",
      "evaluate samples fixtures/digits --generated fixtures/digits --features nb.safetensors --steps 1",
      1
    ),
    (
      "samples-by-labels-that-are-none",
      "evaluate samples fixtures/digits-holdout --training-set fixtures/digits-holdout --generated "
        + "fixtures/digits-holdout --features classifier", 1
    ),
    ("chains-of-another-model", "evaluate chains --model nb.safetensors", 1),
    ("chains-with-an-interval", "evaluate chains --model nb.safetensors --strip-interval 3", 64),
    ("imputation-without-holes", "evaluate imputation images --model nb.safetensors", 64),
    ("imputation-shares", "evaluate imputation images --random 0.5,2 --model nb.safetensors", 64),
    (
      "imputation-region-outside",
      "evaluate imputation images --region 4,4,8,8 --model nb.safetensors", 1
    ),
    (
      "imputation-of-another-size", "evaluate imputation large --random 1 --model nb.safetensors", 1
    ),
    (
      "imputation-without-directory",
      "evaluate imputation images --random 1 --model nb.safetensors --plot no/x.png", 1
    ),
    ("benchmark-of-closed-form", "benchmark step fixtures/digits --model naive-bayes", 1),
    (
      "plain-loop-of-closed-form", "benchmark sampling --model nb.safetensors --plain --images 1", 1
    ),
  ]

  @Test(arguments: mistakes.indices)
  func mistake(_ index: Int) throws {
    let (name, line, status) = Self.mistakes[index]
    let place = try Workplace()
    try place.trainNaiveBayes()
    if line.contains("encoder.safetensors") { try place.trainAutoencoder() }
    try place.folder.write([], to: "empty/notes.txt")
    try place.folder.write("filename,label\na.png,one\nb.png,two\n", to: "labels.csv")
    try place.folder.write("filename,embedding_0\na,1\n", to: "table.csv")
    let digit = try place.bytes("fixtures/digits-holdout/digit0-01.png")
    let large = try place.bytes("fixtures/odd/grey-8-bit.png")
    try place.folder.write(digit, to: "images/a.png")
    try place.folder.write(digit, to: "named/zero/a.png")
    try place.folder.write(digit, to: "mixed/small.png")
    try place.folder.write(large, to: "mixed/large.png")
    try place.folder.write(large, to: "large/large.png")
    let result = try place.lacuna.run(line.split(separator: " ").map(String.init))
    #expect(result.status == status)
    #expect(result.output.isEmpty)
    // Which models there are is not what these snapshots are about.
    let errors = result.errors.split(separator: "\n", omittingEmptySubsequences: false).map {
      line in
      ["there are ", "models that can: "].reduce(String(line)) { line, opening in
        guard line.contains("model"), let place = line.range(of: opening),
          Zoo.models.contains(where: { line[place.upperBound...].contains($0.card.name) })
        else { return line }
        return line[..<place.upperBound] + "..."
      }
    }.joined(separator: "\n")
    try Snapshot.check("lacuna \(line)\nstatus \(status)\n\(errors)", "error-\(name)")
  }
}
