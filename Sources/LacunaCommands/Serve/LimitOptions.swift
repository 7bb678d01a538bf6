import ArgumentParser
import Service

private let defaults = ServiceOptions()

/// How much a service takes on.
struct LimitOptions: ParsableArguments {
  @Option(
    help: "The largest body of a request.", value: "bytes", takes: .number(in: 1024...1 << 30))
  var maxBody = defaults.maximumBody

  @Option(
    help: "The most pixels of an image, counted before it is decoded.", value: "count",
    takes: .number(in: 1...64_000_000))
  var maxPixels = defaults.maximumPixels

  @Option(
    help: "The most samples or images of a request.", value: "count", takes: .number(in: 1...4096))
  var maxSamples = defaults.maximumSamples

  @Option(
    help: "The most images, particles counted, that wait to be computed.", value: "count",
    takes: .number(in: 4...1_000_000))
  var queueRows = defaults.queueRows

  @Option(
    help: "Seconds after which a request is given up.", value: "seconds",
    takes: .number(in: 1...86_400))
  var timeout = defaults.timeout

  @Option(
    help: "The most connections at a time; others wait.", value: "count",
    takes: .number(in: 1...100_000))
  var maxConnections = defaults.maximumConnections

  /// Sets the same of a service.
  func apply(to options: inout ServiceOptions) {
    options.maximumBody = maxBody
    options.maximumPixels = maxPixels
    options.maximumSamples = maxSamples
    options.queueRows = queueRows
    options.timeout = timeout
    options.maximumConnections = maxConnections
  }
}
