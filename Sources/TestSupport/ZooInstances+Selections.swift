import Models
import Platform

/// The instances that laws run over: a new model is among them as soon as it is in the zoo.
extension ZooInstance {
  /// The name of the one model that laws are to try, in the environment as `LACUNA_ZOO`; nil for all.
  static let chosen = getenv("LACUNA_ZOO").map { String(cString: $0) }

  /// The models that laws try.
  private static let kinds = Zoo.models.filter { chosen == nil || $0.card.name == chosen }

  /// Every model with images of every kind, with and without classes.
  public static let all: [ZooInstance] = kinds.flatMap { kind in
    suited(
      kind,
      [
        ImageShape(height: 5, width: 6, channels: 1, levels: 2),
        ImageShape(height: 5, width: 6, channels: 1, levels: 4),
        ImageShape(height: 6, width: 5, channels: 1, levels: 16),
        ImageShape(height: 5, width: 6, channels: 1, levels: 40),
        ImageShape(height: 5, width: 6, channels: 1, levels: 256),
        ImageShape(height: 4, width: 5, channels: 3, levels: 256),
        ImageShape(height: 4, width: 5, channels: 3, levels: 4),
        // Large enough for networks that halve an image.
        ImageShape(height: 9, width: 10, channels: 1, levels: 3),
      ], classes: [0, 3])
  }

  /// Every model with images so small that kernels reach beyond them on all sides.
  public static let narrow: [ZooInstance] = kinds.flatMap { kind in
    suited(
      kind,
      [(1, 1), (1, 7), (7, 1), (2, 3)].flatMap { height, width in
        [(1, 5), (3, 5), (1, 2)].map { channels, levels in
          ImageShape(height: height, width: width, channels: channels, levels: levels)
        }
      }, classes: [0, 2]
    ).filter { $0.classCount == ($0.shape.channels == 1 ? 2 : 0) }
  }

  /// The settings with which laws try a kind of model: its own, and where it has alternatives, those.
  private static func tried<Model: GenerativeModel>(_ kind: Model.Type) -> [[String: String]] {
    var alternatives: [String: String] = [:]
    for setting in Model.Configuration.settings { alternatives[setting.name] = setting.alternative }
    return alternatives.isEmpty ? [[:]] : [[:], alternatives]
  }

  /// Instances of these shapes and numbers of classes, those left out of which it is no model.
  private static func suited(
    _ kind: any GenerativeModel.Type, _ shapes: [ImageShape], classes: [Int]
  ) -> [ZooInstance] {
    shapes.flatMap { shape in
      tried(kind).flatMap { settings in
        classes.filter {
          (try? kind.check(shape, classCount: kind.card.heedsClasses ? $0 : 0)) != nil
        }
        .map { ZooInstance(kind, settings, shape: shape, classCount: $0) }
      }
    }
  }

  /// Every model with images of which there are so few that all can be counted.
  public static let enumerable: [ZooInstance] = kinds.flatMap { kind in
    suited(
      kind,
      [
        ImageShape(height: 2, width: 2, channels: 1, levels: 2),
        ImageShape(height: 2, width: 1, channels: 1, levels: 3),
        ImageShape(height: 1, width: 2, channels: 1, levels: 3),
        ImageShape(height: 2, width: 1, channels: 1, levels: 34),
        ImageShape(height: 2, width: 1, channels: 3, levels: 3),
        ImageShape(height: 1, width: 2, channels: 3, levels: 2),
      ], classes: [0, 2])
  }

  /// Those whose scores are so sure that probabilities can be compared: estimates of many images are not.
  public static let countable: [ZooInstance] = enumerable.filter { zoo in
    zoo.kind is any Scoring.Type && (!zoo.isEstimated || zoo.imageCount <= 16)
  }

  /// Those with exact scores, and images that can all be counted.
  public static let exact: [ZooInstance] = enumerable.filter(\.isExact)

  /// Images of at most four values and three levels: all fillings of a hole can be counted.
  public static let few: [ZooInstance] = enumerable.filter {
    $0.shape.dimensionCount <= 4 && $0.shape.levels <= 3
  }

  /// Those that fill holes by chains, whose likelihood is known.
  public static let approximate: [ZooInstance] = few.filter { zoo in
    guard let model = try? zoo.fresh().model, model is any Scoring,
      let completer = try? Completer(model)
    else { return false }
    var missing = [Bool](repeating: false, count: zoo.shape.pixelCount)
    missing[0] = true
    let outlook = completer.outlook(missing)
    return !outlook.isExact && outlook.imagesDrawn == 1
  }

  /// Those of them whose fillings' likelihoods can be estimated by annealing.
  public static let annealing: [ZooInstance] = approximate.filter { zoo in
    guard let model = try? zoo.fresh().model else { return false }
    return (try? Completer(model, options: ["annealing": "20"])) != nil
  }

  /// Images of few levels without classes, for laws about temperature.
  public static let sharpening: [ZooInstance] = exact.filter {
    // Others may sharpen the image as a whole.
    $0.kind is any Sampling.Type && $0.shape.channels == 1 && $0.shape.levels <= 32
      && ($0.kind is any Autoregressive.Type || $0.kind is any Fitted.Type)
  }

  /// Those with exact scores and gradients that are estimates of theirs.
  public static let estimating: [ZooInstance] = exact.filter { zoo in
    (try? zoo.fresh().model.objectives)?.contains { $0.signal == .gradientEstimate } ?? false
  }

  /// The number of images that there are.
  private var imageCount: Int {
    (0..<shape.dimensionCount).reduce(1) { $1 < 20 ? $0 * shape.levels : $0 }
  }

  private var isExact: Bool {
    (try? fresh().model as? any Scoring)?.scoreKind == .exact
  }

  /// Whether probabilities of its images are estimates.
  private var isEstimated: Bool { kind is any ImportanceScoring.Type }

  /// Models that have learnt several orders of the pixels, with images of which there are few.
  public static let ordered: [ZooInstance] = kinds.flatMap { kind -> [ZooInstance] in
    guard kind is any Autoregressive.Type else { return [] }
    return [("8", 2, 2), ("4", 2, 2), ("2", 2, 1)].map { orders, height, width in
      ZooInstance(
        kind, ["orders": orders],
        shape: ImageShape(height: height, width: width, channels: 1, levels: 2),
        classCount: height == width ? 0 : 2)
    }
  }

  /// Autoregressive models of several depths and reaches, where they have such settings.
  public static let autoregressive: [ZooInstance] = kinds.flatMap { kind -> [ZooInstance] in
    guard kind is any Autoregressive.Type else { return [] }
    let grey = ImageShape(height: 7, width: 6, channels: 1, levels: 2)
    return [
      ZooInstance(kind, shape: grey),
      ZooInstance(
        kind, ["layers": "1", "first-kernel": "3", "attention": "0", "place": "0"], shape: grey),
      ZooInstance(kind, ["kernel": "5", "first-kernel": "5"], shape: grey, classCount: 3),
      ZooInstance(kind, ["kernel": "7", "layers": "3"], shape: grey),
      ZooInstance(kind, ["orders": "2"], shape: grey, classCount: 2),
      ZooInstance(
        kind, ["orders": "8"], shape: ImageShape(height: 6, width: 6, channels: 1, levels: 2)),
      ZooInstance(
        kind, ["kernel": "5", "channels": "5"],
        shape: ImageShape(height: 6, width: 7, channels: 1, levels: 6), classCount: 2),
      ZooInstance(kind, shape: ImageShape(height: 5, width: 6, channels: 1, levels: 256)),
      ZooInstance(
        kind, ["first-kernel": "5"],
        shape: ImageShape(height: 5, width: 6, channels: 3, levels: 256), classCount: 2),
      ZooInstance(
        kind, ["kernel": "9", "first-kernel": "15"],
        shape: ImageShape(height: 3, width: 4, channels: 3, levels: 8)),
    ] + windows(kind) + narrow.filter { $0.kind == kind }
  }

  /// Models that see a part of the pixels before, in ways that they alone have settings for.
  private static func windows(_ kind: any GenerativeModel.Type) -> [ZooInstance] {
    let (grey, colour) = (
      ImageShape(height: 7, width: 6, channels: 1, levels: 2),
      ImageShape(height: 5, width: 6, channels: 3, levels: 256)
    )
    let shared = [
      ["weights": "shared", "rows": "2", "columns": "1"],
      ["weights": "shared", "rows": "1", "columns": "2", "hidden": "10", "layers": "2"],
      ["weights": "shared", "reach": "9", "hidden": "10"],
    ]
    return
      (shared + [
        ["weights": "own", "rows": "2", "columns": "2"], ["weights": "own", "reach": "4"],
      ])
      .filter { hasSettings($0.keys, kind) }
      .map { ZooInstance(kind, $0, shape: $0["hidden"] == nil ? grey : colour, classCount: 2) }
  }

  /// Autoregressive models so deep that every pixel is in reach of every later one.
  public static let deep: [ZooInstance] = kinds.flatMap { kind -> [ZooInstance] in
    guard kind is any Autoregressive.Type else { return [] }
    return [
      ZooInstance(
        kind, ["layers": "6", "kind": "diagonal"],
        shape: ImageShape(height: 5, width: 6, channels: 1, levels: 2)),
      ZooInstance(
        kind, ["layers": "6", "first-kernel": "3", "kind": "diagonal"],
        shape: ImageShape(height: 6, width: 6, channels: 1, levels: 4), classCount: 2),
      ZooInstance(
        kind, ["layers": "5", "kernel": "5", "kind": "diagonal"],
        shape: ImageShape(height: 5, width: 6, channels: 3, levels: 256)),
    ]
  }
}
