import ArgumentParser
import Models
import Tasks

/// Ways to more labelled images than drawing whole ones.
struct WayOptions: ParsableArguments {
  @Option(
    help: """
      Draw this share of an original anew, given the rest and the class, instead of a whole image: by any model that \
      completes images.
      """, value: "share", takes: .share)
  var redraw: Double?

  @Option(
    help: "The part that is drawn anew.", value: "shape",
    takes: .one(of: RedrawnPart.Shape.allCases))
  var redrawShape = RedrawnPart.Shape.rectangle

  @OptionGroup
  var filling: FillingOptions

  @Option(
    help: "Write N copies of each original under ordinary transforms; needs no model.", value: "N",
    takes: .number(above: 0))
  var transformed: Int?

  @Option(
    help: """
      How copies are transformed: kinds separated by commas, each of which may end with =strong \
      (\(ImageTransforms.kindNames)); light and strong stand for the first four.
      """, value: "kinds", takes: .transforms)
  var transforms = ImageTransforms(moving: .light)

  @Option(
    help: """
      Write images without a label, from a folder _unlabelled or --unlabelled, whose class the model finds at least so probable, \
      as images of that class.
      """, value: "probability", takes: .number(in: 0...1))
  var pseudoLabel: Double?

  @Option(
    help: ArgumentHelp(
      "The model that tells the classes for --pseudo-label (default: --model).",
      valueName: "file.safetensors"))
  var labeller: String?

  func validate() throws {
    if labeller != nil, pseudoLabel == nil {
      throw ValidationError("--labeller tells classes for --pseudo-label; give that too")
    }
  }

  /// Whether images come about without a model that draws.
  var isWay: Bool { transformed != nil || pseudoLabel != nil }

  /// Whether any of them says what to make.
  var isGiven: Bool { isWay || redraw != nil || labeller != nil }

  /// Hands the choices to a run.
  func apply(to options: inout AugmentationOptions) {
    options.redrawn = redraw.map { RedrawnPart(share: $0, shape: redrawShape) }
    options.filling = filling.options(method: "auto")
    options.transformed = transformed.map {
      TransformedCopies(perOriginal: $0, transforms: transforms)
    }
    options.pseudoLabel = pseudoLabel
  }
}
