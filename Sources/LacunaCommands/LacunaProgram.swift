import ArgumentParser
import Files
import Platform
import Tasks
import Training

/// The program: reads the arguments, runs the command, and turns its end into an exit status.
public enum LacunaProgram {
  /// Runs with the process's arguments and ends the process.
  public static func run() -> Never {
    SystemCalls.occupyStandardStreams()
    // A closed pipe shall be an error of the write, so that a training survives a watcher who
    // leaves.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try LacunaRoot.parseAsRoot(ProgramArguments.all)
      try command.run()
      leave(.success)
    } catch {
      end(with: error)
    }
  }

  /// Says what the matter is and leaves with the status promised for it.
  private static func end(with error: any Error) -> Never {
    switch error {
    case let code as ExitCode: leave(code)
    case is StandardOutput.Closed: leave(.failure)
    case let interruption as Interrupted: stop(interruption.description)
    case EngineError.interrupted(let text): stop(text)
    default: break
    }
    let code = LacunaRoot.exitCode(for: error)
    let message = LacunaRoot.fullMessage(for: error)
    if code == .success {
      do { try StandardOutput.write(message + "\n") } catch { leave(.failure) }
    } else if code == .validationFailure {
      let text = message.hasPrefix("Error: ") ? String(message.dropFirst(7)) : message
      StandardError.write("lacuna: error: \(Printable.lines(UsageMessage.text(text)))\n")
    } else {
      StandardError.writeLine("lacuna: error: \(error)")
    }
    leave(code)
  }

  /// Says what was kept, and leaves as a process that was interrupted.
  private static func stop(_ message: String) -> Never {
    StandardError.writeLine("lacuna: \(message)")
    leave(ExitCode(130))
  }

  /// Ends the process.
  private static func leave(_ code: ExitCode) -> Never {
    exit(code.rawValue)
  }
}

/// The command that holds all others.
struct LacunaRoot: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lacuna",
    abstract: "Learn a directory of small images: more of them, holes filled, features.",
    discussion: """
      Trains deep generative models on directories of small images and puts them to work, without \
      Python, GPU or download.

      Examples:
        lacuna train fixtures/digits --model naive-bayes \\
          --output digits.safetensors
        lacuna impute fixtures/digits-holdout --masks fixtures/masks \\
          --model digits.safetensors --output filled

      Exit status: 0 done, 1 failed, 2 finished but some inputs were skipped, 64 wrong usage, 130 \
      interrupted.
      """,
    version: ToolVersion.current,
    subcommands: [
      TrainCommand.self, RecommendCommand.self, AugmentCommand.self, ImputeCommand.self,
      EmbedCommand.self,
      DuplicatesCommand.self, EvaluateCommand.self, InterpolateCommand.self, TraverseCommand.self,
      MergeCommand.self, ModelsCommand.self, ServeCommand.self,
      InspectCommand.self, BenchmarkCommand.self,
    ])
}
