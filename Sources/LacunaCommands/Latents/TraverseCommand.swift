import ArgumentParser
import Files
import Images
import Tasks
import Training

/// `lacuna traverse`.
struct TraverseCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "traverse",
    abstract: "Vary one latent coordinate of an image at a time.",
    discussion: """
      Writes a sheet with a row for each coordinate, the image's own value in the middle. Unless \
      named, the coordinates are those that change the picture most.

      Examples:
        lacuna traverse fixtures/digits-holdout/digit0-01.png \\
          --model vae.safetensors --output sheet.png
        lacuna traverse fixtures/digits-holdout/digit0-01.png \\
          --model vae.safetensors --latents 0,4,17 --range 2 \\
          --output named.png
      """)

  @Argument(help: "The image.")
  var image: String

  @OptionGroup(title: "Picture")
  var picture: LatentPictureOptions

  @Option(help: ArgumentHelp("Coordinates to vary, such as 0,4,17.", valueName: "numbers"))
  var latents: String?

  @Option(help: "Coordinates to vary where none are named.", takes: .number(in: 1...1000))
  var count = 8

  @Option(
    help: "How far to either side, in standard deviations of the prior.", takes: .number(above: 0))
  var range: Float = 3

  @Option(help: "Pictures of a row.", takes: .oddNumber(in: 3...99))
  var steps = 9

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  var computing: ComputingOptions? { nil }

  func run(session: Session) throws {
    let place = try picture.place(inputs: [image])
    let file = try picture.trained.read()
    let label = try picture.label(in: file.classes)
    let explorer = try LatentExplorer(file.model)
    let encoded = try explorer.encoding(of: ImageFile.read(image), path: image, label: label)
    let ranges = explorer.spreads(label: nil).map { $0 * range }
    let chosen = try coordinates(of: encoded, label, ranges, explorer)
    let rows = LatentExplorer.traversal(
      of: encoded, coordinates: chosen, ranges: ranges, steps: steps)
    try picture.write(
      try rows.map { try explorer.images(at: $0, label: label) }, rowTitles: chosen.map { "\($0)" },
      to: place)
    try session.result(
      .object([
        ("output", .text(picture.output)), ("latents", .list(chosen.map { .integer($0) })),
      ]),
      text: Table.text([
        ["latents", chosen.map(String.init).joined(separator: ", ")],
        ["written to", picture.output],
      ]))
  }

  private func coordinates(
    of point: [Float], _ label: Int?, _ ranges: [Float], _ explorer: LatentExplorer
  ) throws -> [Int] {
    let width = point.count
    guard let latents else {
      return try explorer.strongest(at: point, label: label, ranges: ranges, most: count)
    }
    return try latents.split(separator: ",", omittingEmptySubsequences: false).map { text in
      guard let number = Int(text), (0..<width).contains(number) else {
        throw ValidationError(
          "--latents takes numbers in 0...\(width - 1) separated by commas, not '\(text)'")
      }
      return number
    }
  }
}
