import ArgumentParser
import Files
import Tasks
import Tensors
import Training

/// `lacuna benchmark sampling`.
struct BenchmarkSamplingCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "sampling",
    abstract: "Measure how many complete images a second a model draws.",
    discussion: """
      With --plain, the plain loop (one full pass of the model for every pixel) is timed for the \
      first pixels of one tile of images, and its rate extrapolated to all pixels.

      Examples:
        lacuna benchmark sampling --model pixelcnn.safetensors \\
          --images 64 --plain
      """)

  @OptionGroup
  var trained: ModelOption

  @Option(help: "Images to draw.", value: "count", takes: .number(in: 1...10_000_000))
  var images = 1024

  @Flag(help: "Time the plain loop too.")
  var plain = false

  @Option(seed: "Decides the random numbers.")
  var seed: UInt64

  @OptionGroup(title: "Computing")
  var machine: ComputingOptions

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  var computing: ComputingOptions? { machine }

  func run(session: Session) throws {
    let benchmark = try SamplingBenchmark(
      trained.read(), context: machine.context(auto: .fastest), seed: seed)
    let report = try benchmark.run(images: images, timesPlainLoop: plain)
    try session.result(Self.json(report), text: Self.text(report))
  }

  private static func text(_ report: SamplingBenchmark.Report) -> String {
    var rows = [
      ["images", "\(report.images)"], ["seconds", FixedPoint.text(report.seconds, digits: 3)],
      ["images a second", FixedPoint.text(report.rate, digits: 1)],
    ]
    if let plain = report.plain {
      rows.append([
        "plain loop",
        "\(FixedPoint.text(plain.rate, digits: 4)) images a second, extrapolated from "
          + "\(plain.timedPixels) of \(plain.pixels) pixels of \(plain.images) images",
      ])
      rows.append(["times faster", FixedPoint.text(report.rate / plain.rate, digits: 1)])
    }
    return Table.text(rows)
  }

  private static func json(_ report: SamplingBenchmark.Report) -> JSON {
    var entries: [(name: String, value: JSON)] = [
      ("images", .integer(report.images)), ("seconds", .number(report.seconds)),
      ("images_per_second", .number(report.rate)), ("threads", .integer(ThreadPool.threads)),
    ]
    if let plain = report.plain {
      entries += [
        ("plain_images_per_second", .number(plain.rate)),
        ("plain_timed_pixels", .integer(plain.timedPixels)),
        ("plain_pixels", .integer(plain.pixels)),
        ("times_faster", .number(report.rate / plain.rate)),
      ]
    }
    return .object(entries)
  }
}
