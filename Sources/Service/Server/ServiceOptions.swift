/// How the service listens and what it allows.
public struct ServiceOptions: Sendable {
  /// The address to listen at; addresses of other machines need keys.
  public var host = "127.0.0.1"
  /// The port; 0 lets the system choose one.
  public var port = 8080
  /// Names by which requests may call the service, besides the address and `localhost`.
  public var allowedHosts: [String] = []
  /// The keys that requests need, one of them; empty: none is asked for.
  public var keys: [String] = []
  /// The largest body, in bytes.
  public var maximumBody = 8 << 20
  /// The most pixels of an image, counted before it is decoded.
  public var maximumPixels = 65_536
  /// The most completions, drawn images, or images of one request.
  public var maximumSamples = 64
  /// The most rows, images that a model computes, that wait or run.
  public var queueRows = 4096
  /// Seconds after which a request that is not answered is given up.
  public var timeout = 60
  /// The most connections at a time; further ones wait to be accepted.
  public var maximumConnections = 512
  /// Whether lines about requests are JSON.
  public var logsJSON = false
  /// Whether there are no lines about requests.
  public var isQuiet = false

  /// The defaults.
  public init() {}

  /// Whether an address is this machine's own, which no other can reach.
  public static func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host == "::1" || host.hasPrefix("127.")
  }

  /// Seconds without a byte after which a connection is closed, while a request is awaited or read.
  var idleSeconds: Int { 30 }
  /// Seconds in which a body has to come, and an answer has to be taken.
  var transferSeconds: Int { 60 }
}
