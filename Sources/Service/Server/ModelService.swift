import Files
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Tensors
public import Training
import UnixSignals

/// Trained models behind HTTP.
///
/// Hummingbird's event loops read and write, tasks decode and encode, and the thread that calls ``run(_:)`` alone
/// computes.
public struct ModelService {
  /// What the service tells its surroundings.
  public struct Messages: Sendable {
    /// It listens: the address of its page.
    public var started: @Sendable (String) -> Void
    /// A line of the log.
    public var line: @Sendable (String) -> Void

    /// Messages.
    public init(
      started: @escaping @Sendable (String) -> Void, line: @escaping @Sendable (String) -> Void
    ) {
      self.started = started
      self.line = line
    }
  }

  private let options: ServiceOptions
  private let desk: Desk

  /// Reads the models; the first one is meant by requests that name none.
  ///
  /// - Throws: `ModelFileError` where one cannot be read, or two have one name.
  public init(_ models: [String], _ options: ServiceOptions, _ context: Context) throws {
    self.options = options
    let metrics = Metrics()
    desk = Desk(
      options: options, models: try ModelShelf(models),
      scheduler: Scheduler(capacity: options.queueRows, context, metrics), metrics: metrics,
      context: context)
  }

  /// The names of the models.
  public var modelNames: [String] { desk.models.all.map(\.name) }

  /// Serves until SIGTERM or SIGINT.
  ///
  /// It refuses new work then, and ends what runs. SIGHUP reads the models anew.
  ///
  /// - Throws: `ServiceError` where the address cannot be listened at.
  public func run(_ messages: Messages) throws {
    let end = Monitor<Result<Void, any Error>?>(nil)
    let (desk, application, options) = (desk, application(messages), options)
    let note = { @Sendable (text: String) in
      let line = Printable.line(text)
      messages.line(
        options.logsJSON ? JSON.object([("message", .text(line))]).line : line)
    }
    Task {
      let reloading = Task { await Self.reloadOnSignal(desk, note) }
      do {
        try await ServiceGroup(
          services: [Closing(application: application, scheduler: desk.scheduler)],
          gracefulShutdownSignals: [.sigterm, .sigint], logger: application.logger
        ).run()
        end.change { $0 = .success(()) }
      } catch {
        let place = "\(options.host):\(options.port)"
        end.change {
          $0 = .failure(
            ServiceError(
              description:
                "\(place): cannot be listened at (\(error)); choose another --port or --host"))
        }
      }
      reloading.cancel()
      desk.scheduler.close()
    }
    desk.scheduler.run()
    try end.wait { $0 }.get()
  }

  /// Bodies of the largest size that may be held at a time.
  private static let bodiesAtOnce = 32

  private func application(_ messages: Messages) -> some ApplicationProtocol {
    var logger = Logger(label: "lacuna") { _ in SilentLog() }
    logger.logLevel = .error
    let responder = Responder(
      routes: Routes.all(desk), guardian: Guardian(options),
      reader: RequestReader(
        maximumBody: options.maximumBody, seconds: options.transferSeconds,
        budget: ByteBudget(Self.bodiesAtOnce * options.maximumBody)),
      log: RequestLog(
        isQuiet: options.isQuiet, writesJSON: options.logsJSON, write: messages.line),
      metrics: desk.metrics, timeout: options.timeout, scheduler: desk.scheduler)
    let name = options.host.contains(":") ? "[\(options.host)]" : options.host
    return Application(
      responder: CallbackResponder<ConnectionContext> { request, context in
        await responder.respond(to: request, context.channel)
      },
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [ConnectionWatch()],
          idleTimeout: .seconds(Int64(options.idleSeconds)),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100))),
      configuration: ApplicationConfiguration(
        address: .hostname(options.host, port: options.port),
        availableConnectionsDelegate: .maximum(options.maximumConnections, logger: logger)),
      onServerRunning: { channel in
        messages.started("http://\(name):\(channel.localAddress?.port ?? 0)/")
      },
      eventLoopGroupProvider: .singleton, logger: logger)
  }

  private static func reloadOnSignal(
    _ desk: Desk, _ note: @Sendable (String) -> Void
  ) async {
    for await _ in await UnixSignalsSequence(trapping: .sighup) {
      let problem = await desk.scheduler.perform { () -> String? in
        do {
          try desk.models.reload()
          return nil
        } catch {
          return "\(error)"
        }
      }
      desk.metrics.reloaded(problem == nil)
      note(
        problem.map { "models stay as they were: \($0)" }
          ?? "models read anew: \(desk.models.all.map(\.name).joined(separator: ", "))")
    }
  }
}

/// Why there is no service.
public struct ServiceError: Error, CustomStringConvertible {
  /// The address, the reason and what to do.
  public let description: String
}

/// Closes the queue as soon as the end is asked for, before connections are.
private struct Closing<Served: ApplicationProtocol>: ServiceLifecycle.Service {
  let application: Served
  let scheduler: Scheduler

  func run() async throws {
    try await withGracefulShutdownHandler {
      try await application.run()
    } onGracefulShutdown: {
      scheduler.close()
    }
  }
}

/// What a request comes with besides itself: its connection.
private struct ConnectionContext: InitializableFromSource {
  let channel: any Channel

  init(source: ApplicationRequestContextSource) { channel = source.channel }
}

/// The library's own lines are of no use to an operator: each request has a line of ours.
private struct SilentLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.critical

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {}
}
