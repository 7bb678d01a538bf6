public import Files
import Models
import Tensors
import Training

extension AugmentationRecipe {
  private static let version = 1

  /// The recipe as it stands in its file.
  public var json: JSON {
    let head: [(name: String, value: JSON)] = [
      ("lacuna_recipe", .integer(Self.version)), ("verdict", .text(verdict)),
      ("helps", .boolean(helps)), ("title", .text(way.title)),
    ]
    let ways: [(name: String, value: JSON)] = [
      ("transformed", way.transformed.map { Self.json($0) } ?? .null),
      ("drawn", way.drawing.map { Self.json($0, drawing) } ?? .null),
      ("pseudo_labels", way.pseudoLabel.map { Self.json(probability: $0, labelling) } ?? .null),
      ("seed", .unsigned(seed)),
    ]
    let found: [(name: String, value: JSON)] = [
      ("images", imagesJSON), ("base", .text(base)), ("base_accuracy", .number(baseAccuracy)),
      ("expected_gain", expectedJSON), ("trials", .list(trials.map(\.json))),
    ]
    return .object(head + ways + found)
  }

  private var imagesJSON: JSON {
    let entries: [(name: String, value: JSON)] = [
      ("fingerprint", .text(fingerprint)), ("width", .integer(shape.width)),
      ("height", .integer(shape.height)), ("channels", .integer(shape.channels)),
      ("levels", .integer(shape.levels)), ("labelled", .integer(counts.labelled)),
      ("unlabelled", .integer(counts.unlabelled)),
      ("unlabelled_directory", unlabelled.map { .text($0) } ?? .null),
    ]
    return .object(entries)
  }

  private var expectedJSON: JSON {
    let entries: [(name: String, value: JSON)] = [
      ("mean", .number(expected.gain)), ("low", .number(expected.low)),
      ("high", .number(expected.high)), ("of", best.map { .text($0) } ?? .null),
    ]
    return .object(entries)
  }

  private static func json(_ copies: TransformedCopies) -> JSON {
    .object([
      ("per_original", .integer(copies.perOriginal)), ("transforms", .text("\(copies.transforms)")),
    ])
  }

  private static func json(probability: Double, _ model: Model?) -> JSON {
    .object([("probability", .number(probability)), ("model", model.map(\.json) ?? .null)])
  }

  private static func json(_ drawing: AugmentationWay.Drawing, _ model: Model?) -> JSON {
    let around = drawing.around.map { around in
      JSON.object([
        ("scale", .number(Double(around.scale))), ("between", .boolean(around.isBetween)),
      ])
    }
    let redrawn = drawing.redrawn.map { part in
      JSON.object([("share", .number(part.share)), ("shape", .text(part.shape.rawValue))])
    }
    let filling = drawing.filling.sorted { $0.key < $1.key }.map {
      (name: $0.key, value: JSON.text($0.value))
    }
    let entries: [(name: String, value: JSON)] = [
      ("per_original", .integer(drawing.perOriginal)), ("around", around ?? .null),
      ("redrawn", redrawn ?? .null), ("filling", .object(filling)),
      ("temperature", .number(Double(drawing.temperature))),
      ("model", model.map(\.json) ?? .null),
    ]
    return .object(entries)
  }

  /// Reads a recipe.
  ///
  /// - Throws: `TaskError` where the file holds none, or one of another version.
  public init(contentsOf path: String) throws {
    let text = String(decoding: try FileSystem.readBytes(path), as: UTF8.self)
    guard let json = try? JSON(reading: text), let version = json["lacuna_recipe"]?.asNumber else {
      throw TaskError("\(path): is no recipe; 'lacuna recommend' writes one")
    }
    guard Int(version) == Self.version else {
      throw TaskError("\(path): is a recipe of another version of lacuna; recommend anew")
    }
    guard let recipe = AugmentationRecipe(json) else {
      throw TaskError("\(path): is damaged; recommend anew")
    }
    self = recipe
  }

  private init?(_ json: JSON) {
    guard let images = json["images"], let fingerprint = images["fingerprint"]?.asText,
      let height = images.count("height"), let width = images.count("width"),
      let channels = images.count("channels"), let levels = images.count("levels"),
      let labelled = images.count("labelled"), let unlabelled = images.count("unlabelled"),
      let base = json["base"]?.asText, let baseAccuracy = json["base_accuracy"]?.asNumber,
      let expected = json["expected_gain"], let gain = expected["mean"]?.asNumber,
      let low = expected["low"]?.asNumber, let high = expected["high"]?.asNumber,
      let way = AugmentationWay(json), let trials = json["trials"]?.asList,
      let seed = json["seed"]?.asUnsigned
    else { return nil }
    self.init(
      way: way, drawing: json["drawn"]?["model"].flatMap(Model.init),
      labelling: json["pseudo_labels"]?["model"].flatMap(Model.init), seed: seed,
      fingerprint: fingerprint,
      shape: ImageShape(height: height, width: width, channels: channels, levels: levels),
      counts: (labelled, unlabelled), unlabelled: images["unlabelled_directory"]?.asText,
      base: base, baseAccuracy: baseAccuracy, expected: (gain, low, high),
      best: expected["of"]?.asText, trials: trials.compactMap(Trial.init))
  }
}

extension AugmentationRecipe.Model {
  fileprivate var json: JSON { .object([("file", .text(file)), ("sha256", .text(digest))]) }

  fileprivate init?(_ json: JSON) {
    guard let file = json["file"]?.asText, let digest = json["sha256"]?.asText else { return nil }
    self.init(file: file, digest: digest)
  }
}

extension AugmentationRecipe.Trial {
  fileprivate var json: JSON {
    .object([
      ("title", .text(title)), ("gain", .number(gain)),
      ("standard_error", standardError.map(JSON.number) ?? .null), ("parts", .integer(parts)),
      ("complete", .boolean(isComplete)), ("copies", copies.map(JSON.integer) ?? .null),
    ])
  }

  fileprivate init?(_ json: JSON) {
    guard let title = json["title"]?.asText, let gain = json["gain"]?.asNumber,
      let parts = json.count("parts")
    else { return nil }
    self.init(
      title: title, gain: gain, standardError: json["standard_error"]?.asNumber, parts: parts,
      isComplete: json["complete"] == .boolean(true), copies: json.count("copies"))
  }
}

extension AugmentationWay {
  /// Reads the parts of a recipe; nil where one is damaged.
  fileprivate init?(_ json: JSON) {
    if let part = json["transformed"], part != .null {
      guard let count = part.count("per_original"), count > 0,
        let transforms = part["transforms"]?.asText.flatMap({ ImageTransforms($0) })
      else { return nil }
      transformed = TransformedCopies(perOriginal: count, transforms: transforms)
    }
    if let part = json["drawn"], part != .null {
      guard let drawing = Drawing(part) else { return nil }
      self.drawing = drawing
    }
    if let part = json["pseudo_labels"], part != .null {
      guard let probability = part["probability"]?.asNumber else { return nil }
      pseudoLabel = probability
    }
  }
}

extension AugmentationWay.Drawing {
  fileprivate init?(_ json: JSON) {
    guard let count = json.count("per_original"), count > 0,
      let temperature = json["temperature"]?.asNumber
    else { return nil }
    self.init(perOriginal: count, temperature: Float(temperature))
    if let part = json["around"], let scale = part["scale"]?.asNumber {
      around = .init(scale: Float(scale), isBetween: part["between"] == .boolean(true))
    }
    if let part = json["redrawn"], part != .null {
      guard let share = part["share"]?.asNumber,
        let shape = part["shape"]?.asText.flatMap({ RedrawnPart.Shape(rawValue: $0) })
      else { return nil }
      redrawn = RedrawnPart(share: share, shape: shape)
    }
    for (name, value) in json["filling"]?.asEntries ?? [] { filling[name] = value.asText }
  }
}

extension JSON {
  /// A whole number that is not below 0; nil where there is none of this name.
  fileprivate func count(_ name: String) -> Int? {
    self[name]?.asInteger.flatMap { $0 >= 0 ? $0 : nil }
  }
}
