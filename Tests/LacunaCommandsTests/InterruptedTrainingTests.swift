import Files
import Platform
import TestSupport
import Testing

/// A training that is interrupted, killed and resumed ends where an uninterrupted one does.
@Suite(.serialized) struct InterruptedTrainingTests {
  static let epochs = 40

  /// Starts the training, sends a signal when an epoch is behind, and waits.
  private func cutShort(
    _ place: Workplace, _ arguments: [String], _ signal: Int32
  ) throws -> CommandRunner.Result {
    try FileSystem.removeFile(place.path("p.log.jsonl"))
    let command = try place.lacuna.start(arguments)
    #expect(place.wait { FileSystem.exists(place.path("p.log.jsonl")) })
    command.send(signal)
    return try command.wait()
  }

  /// One thread a training: tests run side by side, and threads that wait for each other are slow
  /// then.
  private func training(_ place: Workplace, _ output: String) -> [String] {
    place.tinyPixelCNN(output, epochs: Self.epochs) + ["--patience", "0", "--threads", "1"]
  }

  @Test func anInterruptedTrainingGoesOnToTheSameBytes() throws {
    let place = try Workplace()
    #expect(try place.lacuna.run(training(place, "whole.safetensors")).status == 0)

    let arguments = training(place, "p.safetensors")
    let result = try cutShort(place, arguments, SIGINT)
    #expect(result.status == 130)
    #expect(result.errors.contains("--resume goes on from here"))
    #expect(FileSystem.exists(place.path("p.safetensors.checkpoint")))
    #expect(!FileSystem.exists(place.path("p.safetensors")))

    let refused = try place.lacuna.run(arguments)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("--resume goes on from there"))

    let other = try place.lacuna.run(arguments + ["--resume", "--batch", "16"])
    #expect(other.status == 1)
    #expect(other.errors.contains("was made with another options"))

    // Killed on the way, the checkpoint of before still serves.
    #expect(try cutShort(place, arguments + ["--resume"], SIGKILL).status == 128 + SIGKILL)

    let resumed = try place.lacuna.run(arguments + ["--resume"])
    #expect(resumed.status == 0)
    #expect(try place.bytes("p.safetensors") == place.bytes("whole.safetensors"))
    #expect(!FileSystem.exists(place.path("p.safetensors.checkpoint")))
  }

  @Test func terminationIsAnInterruptionToo() throws {
    let place = try Workplace()
    let result = try cutShort(place, training(place, "p.safetensors"), SIGTERM)
    #expect(result.status == 130)
    #expect(FileSystem.exists(place.path("p.safetensors.checkpoint")))
  }

  @Test func aTrainingKilledBeforeItsFirstCheckpointStartsAgain() throws {
    let place = try Workplace()
    let arguments = training(place, "p.safetensors")
    #expect(try cutShort(place, arguments, SIGKILL).status == 128 + SIGKILL)
    #expect(!FileSystem.exists(place.path("p.safetensors")))
    #expect(try place.lacuna.run(arguments + ["--resume"]).status == 0)
    let leftovers = place.folder.names().filter { $0.contains("tmp") || $0.contains("checkpoint") }
    #expect(leftovers.isEmpty)
  }
}
