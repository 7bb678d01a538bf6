import Files
import Foundation
import Models
import Tensors
import TestSupport
import Testing
import Training

/// Whole trainings.
@Suite struct TrainerTests {
  @Test func equalTrainingsGiveEqualBytes() throws {
    let place = try Place()
    let first = try place.bytes(of: place.run("first"))
    #expect(try place.bytes(of: place.run("second")) == first)
    #expect(try place.bytes(of: place.run("alone"), threads: 1) == first)
    #expect(try place.bytes(of: place.run("other", seed: 2)) != first)
    let file = try ModelFile(contentsOf: place.folder.path("first.safetensors"))
    #expect(file.classes == ["across", "down"])
    #expect(file.training["steps"] == "36")
    #expect(file.training["validation_kind"] == "exact")
  }

  @Test func learns() throws {
    let place = try Place()
    var run = place.run("model")
    run.options.learningRate = 0.02
    run.options.length = .epochs(1)
    let early = try run.train(try run.load(place.images.path)).result.validation ?? .nan
    run.options.length = .epochs(20)
    run.overwrites = true
    let late = try run.train(try run.load(place.images.path)).result.validation ?? .nan
    #expect(late < early - 1)
  }

  @Test(arguments: [1, 2])
  func interruptedTrainingGoesOnToTheSameBytes(_ threads: Int) throws {
    let place = try Place()
    let expected = try place.bytes(of: place.run("whole"))
    var run = place.run("parted")
    run.resumes = true
    run.options.checkpointInterval = 0
    var steps: [Int] = []
    for _ in 0..<3 {
      // The watcher asks for the stop once the training has gone on for a step or more.
      let checkpoint = Trainer.checkpointPath(run.output)
      let before = Self.step(checkpoint)
      do {
        let flag = StopFlag()
        let watcher = Thread {
          while !Thread.current.isCancelled, Self.step(checkpoint) == before { usleep(200) }
          if !Thread.current.isCancelled { flag.raise() }
        }
        watcher.start()
        defer { watcher.cancel() }
        _ = try run.train(try run.load(place.images.path), context: Context(stop: flag))
      } catch is Interrupted {
        steps.append(Self.step(checkpoint) ?? -1)
      }
    }
    #expect(steps == steps.sorted())
    #expect(steps.contains { $0 % 12 != 0 }, "\(steps)")
    run.options.checkpointInterval = 1000
    #expect(try place.bytes(of: run, threads: threads) == expected)
    #expect(try place.log("parted") == place.log("whole"))
    #expect(!FileSystem.exists(Trainer.checkpointPath(run.output)))
  }

  @Test func interruptedAtTheEndOfAnEpoch() throws {
    let place = try Place()
    let expected = try place.bytes(of: place.run("whole"))
    var run = place.run("parted")
    let split = try run.load(place.images.path)
    #expect(throws: Interrupted.self) {
      let stop = StopFlag()
      _ = try run.train(split, context: Context(stop: stop)) { progress in
        if progress.step == 12 { stop.raise() }
      }
    }
    #expect(!FileSystem.exists(run.output))
    run.resumes = true
    #expect(try place.bytes(of: run) == expected)
    #expect(try place.log("parted") == place.log("whole"))
    #expect(try place.log("whole").count == 6)
  }

  /// Labelled images come over and over, wherever a training was cut and on however many threads.
  @Test func fewLabelsGoOnToTheSameBytes() throws {
    let place = try Place()
    func run(_ name: String) -> TrainingRun {
      var run = place.run(name)
      run.model = "semi-vae"
      run.settings = ["network": "dense", "hidden": "16", "latent": "4", "warm-up": "20"]
      run.loader.labels.perClass = 3
      run.options.batchSize = 40
      run.options.length = .epochs(2)
      return run
    }
    let expected = try place.bytes(of: run("whole"))
    #expect(try place.bytes(of: run("alone"), threads: 1) == expected)
    var parted = run("parted")
    let split = try parted.load(place.images.path)
    #expect(split.training.labelledCount == 6)
    var steps: [Int] = []
    #expect(throws: Interrupted.self) {
      let stop = StopFlag()
      _ = try parted.train(split, context: Context(stop: stop)) { progress in
        steps.append(progress.step)
        stop.raise()
      }
    }
    // 174 images without labels, 30 of them in each batch of 40.
    #expect(steps == [6] || steps.first ?? 6 < 6)
    parted.resumes = true
    #expect(try place.bytes(of: parted) == expected)
    let file = try ModelFile(contentsOf: parted.output)
    #expect(file.training["steps"] == "12")
    #expect(file.training["labelled_images"] == "6")
  }

  /// Chains that no gradient trains are part of what a checkpoint keeps.
  @Test func chainsGoOnToTheSameBytes() throws {
    let place = try Place()
    func run(_ name: String) -> TrainingRun {
      var run = place.run(name)
      run.model = "rbm"
      run.settings = ["hidden": "20", "chains": "70"]
      return run
    }
    let expected = try place.bytes(of: run("whole"))
    #expect(try place.bytes(of: run("alone"), threads: 1) == expected)
    var parted = run("parted")
    let split = try parted.load(place.images.path)
    #expect(throws: Interrupted.self) {
      let stop = StopFlag()
      _ = try parted.train(split, context: Context(stop: stop)) { progress in
        if progress.step == 12 { stop.raise() }
      }
    }
    parted.resumes = true
    #expect(try place.bytes(of: parted) == expected)
    let file = try ModelFile(contentsOf: parted.output)
    #expect(file.training["steps"] == "36")
  }

  @Test func checkpointsOfOtherTrainingsAreRefused() throws {
    let place = try Place()
    var run = place.run("model")
    let split = try run.load(place.images.path)
    #expect(throws: Interrupted.self) {
      let stop = StopFlag()
      stop.raise()
      _ = try run.train(split, context: Context(stop: stop))
    }
    run.resumes = true
    let checkpoint = Trainer.checkpointPath(run.output)
    func refusal(_ change: (inout TrainingRun) -> Void) throws -> String {
      var other = run
      change(&other)
      let error = #expect(throws: TrainingError.self) {
        _ = try other.train(try other.load(place.images.path))
      }
      return error?.description ?? ""
    }
    #expect(try refusal { $0.options.batchSize = 8 }.contains("options"))
    #expect(try refusal { $0.settings["layers"] = "1" }.contains("settings"))
    #expect(try refusal { $0.validation = .fraction(0.3) }.contains("training set"))
    #expect(try refusal { $0.isConditional = false }.contains("training set"))
    let judges = try Pictures.folder(4)
    #expect(try refusal { $0.validation = .directory(judges.path) }.contains("same version"))
    #expect(try refusal { $0.options.learningRate = 0.1 }.contains(checkpoint))
    try AtomicFile.write(Array("no checkpoint".utf8), to: checkpoint)
    #expect(try refusal { _ in }.contains(checkpoint))
  }

  @Test(arguments: [16, 10_000])
  func lossThatIsNotFiniteStops(_ batchSize: Int) throws {
    let place = try Place()
    var run = place.run("model")
    try place.folder.write("a good model", to: "model.safetensors")
    run.overwrites = true
    run.options.learningRate = 1e30
    run.options.batchSize = batchSize
    run.options.length = .epochs(batchSize > 1000 ? 1 : 3)
    let split = try run.load(place.images.path)
    let error = #expect(throws: TrainingError.self) { try run.train(split) }
    #expect(error?.description.contains("--learning-rate") ?? false)
    #expect(try FileSystem.readBytes(run.output) == Array("a good model".utf8))
  }

  @Test func nothingIsOverwritten() throws {
    let place = try Place()
    var run = place.run("model")
    try run.check()
    try place.folder.write("a model", to: "model.safetensors")
    #expect(throws: OutputError.self) { try run.check() }
    run.overwrites = true
    try run.check()
    #expect(throws: OutputError.self) { try place.run("missing/model").check() }
    #expect(throws: ModelError.self) {
      try TrainingRun(model: "nonsense", output: place.folder.path("x")).check()
    }
    run.settings["nonsense"] = "1"
    #expect(throws: ModelError.self) { try run.check() }
  }

  @Test func closedFormIsOnePass() throws {
    let place = try Place()
    var run = TrainingRun(model: "naive-bayes", output: place.folder.path("nb.safetensors"))
    run.settings = ["smoothing": "2"]
    let outcome = try run.train(try run.load(place.images.path))
    #expect(outcome.result.steps == 0)
    let score = outcome.result.validation ?? .nan
    #expect(score < 30 * 0.6931)
    #expect(try ModelFile(contentsOf: run.output).training["images"] == "180")
  }

  /// The step at which a checkpoint was written; nil where there is none.
  private static func step(_ checkpoint: String) -> Int? {
    guard let bytes = try? FileSystem.readBytes(checkpoint),
      let text = try? Safetensors(decoding: bytes).metadata["state.step"]
    else { return nil }
    return Int(text)
  }
}

/// Pictures, and a folder for what is made of them: 180 to learn, twelve steps a pass, 20 to judge.
private struct Place {
  let images: TemporaryFolder
  let folder: TemporaryFolder

  init() throws {
    images = try Pictures.folder(200)
    folder = try TemporaryFolder()
  }

  func run(_ name: String, seed: UInt64 = 1) -> TrainingRun {
    Pictures.run(output: folder.path("\(name).safetensors"), seed: seed)
  }

  /// The lines of a training's log, without the times.
  func log(_ name: String) throws -> [String] {
    let bytes = try FileSystem.readBytes(folder.path("\(name).log.jsonl"))
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
      line.split(separator: ",").filter { !$0.contains("seconds") }.joined(separator: ",")
    }
  }

  func bytes(of run: TrainingRun, threads: Int = 2) throws -> [UInt8] {
    let present = ThreadPool.threads
    ThreadPool.threads = threads
    defer { ThreadPool.threads = present }
    _ = try run.train(try run.load(images.path))
    return try FileSystem.readBytes(run.output)
  }
}
