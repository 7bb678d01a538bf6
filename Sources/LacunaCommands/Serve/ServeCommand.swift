import ArgumentParser
import Files
import Service
import Tensors
import Training

/// `lacuna serve`.
struct ServeCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer requests over HTTP, and show a page to paint holes on.",
    discussion: """
      Programs ask at /v1 (see /openapi.json), a browser at /. Answers are the bytes that the other \
      commands write for the same image, mask and seed. Only this machine can ask, unless --host \
      names another address and --api-key-file the keys that requests need. SIGTERM ends what runs \
      and leaves, SIGHUP reads the models anew.

      Examples:
        lacuna serve --model fixtures/models/digits-pixelcnn.safetensors
        lacuna serve --model digits.safetensors --model photos.safetensors \\
          --host 0.0.0.0 --api-key-file keys.txt --allow-host images.example.org
      """)

  @Option(
    help: ArgumentHelp(
      "A trained model, served under its file's name; may be given again. The first one answers requests that name none.",
      valueName: "file.safetensors"))
  var model: [String]

  @OptionGroup(title: "Listening")
  var listening: ListeningOptions

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  @OptionGroup(title: "Computing")
  var machine: ComputingOptions

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  var computing: ComputingOptions? { machine }

  func run(session: Session) throws {
    var options = try listening.options()
    limits.apply(to: &options)
    options.logsJSON = reporting.json
    options.isQuiet = reporting.quiet
    // Signals are the service's own: it has more to end than a run has.
    let context = Context(
      threads: machine.parallel.threads, precision: machine.elementType(auto: .fastest))
    let service = try ModelService(model, options, context)
    let names = service.modelNames.joined(separator: ", ")
    try service.run(
      ModelService.Messages(
        started: { address in
          let text = "serving \(names) at \(address)"
          StandardError.writeLine(
            session.writesJSON ? JSON.object([("message", .text(text))]).line : text)
        },
        line: { StandardError.writeLine($0) }))
  }
}
