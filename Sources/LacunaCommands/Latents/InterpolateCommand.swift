import ArgumentParser
import Files
import Images
import Tasks
import Tensors
import Training

/// `lacuna interpolate`.
struct InterpolateCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "interpolate",
    abstract: "Walk from one image to another through a model's latent space.",
    discussion: """
      Writes a strip of pictures. Between two images the way is straight, between two samples (no \
      images given) it keeps their distance from the origin.

      Examples:
        lacuna train fixtures/digits --model vae --epochs 2 \\
          --output vae.safetensors
        lacuna interpolate fixtures/digits-holdout/digit0-01.png \\
          fixtures/digits-holdout/digit1-01.png --model vae.safetensors \\
          --output strip.png
        lacuna interpolate --model vae.safetensors --seed 7 --steps 12 \\
          --output samples.png
      """)

  @Argument(help: "The image to start from, and the one to end at; none: two samples.")
  var images: [String] = []

  @OptionGroup(title: "Picture")
  var picture: LatentPictureOptions

  @Option(help: "Pictures, the two ends among them.", takes: .number(in: 2...100))
  var steps = 10

  @Option(
    help: "The way from one to the other.", value: "way", takes: .one(of: LatentPath.allCases),
    otherwise: "linear between images, spherical between samples")
  var path: LatentPath?

  @Option(seed: "Decides the samples.")
  var seed: UInt64

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  var computing: ComputingOptions? { nil }

  func validate() throws {
    guard images.isEmpty || images.count == 2 else {
      throw ValidationError("interpolate takes two images or none, not \(images.count)")
    }
  }

  func run(session: Session) throws {
    let place = try picture.place(inputs: images)
    let file = try picture.trained.read()
    let label = try picture.label(in: file.classes)
    let explorer = try LatentExplorer(file.model)
    let ends = try (0..<2).map { index in
      if images.isEmpty {
        return try explorer.priorDraw(
          label: label, random: RandomSource(seed: seed, purpose: .sampling).at(index))
      }
      return try explorer.encoding(
        of: ImageFile.read(images[index]), path: images[index], label: label)
    }
    let way = path ?? (images.isEmpty ? .spherical : .linear)
    let points = way.points(from: ends[0], to: ends[1], count: steps)
    try picture.write([try explorer.images(at: points, label: label)], rowTitles: [], to: place)
    try session.result(
      .object([
        ("output", .text(picture.output)), ("steps", .integer(steps)),
        ("way", .text(way.rawValue)),
      ]),
      text: Table.text([
        ["way", way.rawValue], ["pictures", "\(steps)"], ["written to", picture.output],
      ]))
  }
}
