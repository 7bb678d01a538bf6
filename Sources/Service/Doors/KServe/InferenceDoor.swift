import Files
import HTTPTypes
import Images
import Models
import Tasks
import Training

/// KServe's inference protocol, version 2, as Triton's clients speak it.
///
/// A model that is shown an image and a mask fills the hole; shown an image alone, it gives its features.
struct InferenceDoor: Sendable {
  let desk: Desk

  /// `GET /v2`.
  func server() -> Reply {
    Reply(
      .object([
        ("name", .text("lacuna")), ("version", .text(ToolVersion.current)),
        ("extensions", .list([.text("binary_tensor_data")])),
      ]))
  }

  /// `GET /v2/models/{model}`.
  func model(_ call: Call) throws(Problem) -> Reply {
    let model = try desk.models.model(call.parameters["model"] ?? "")
    let shape = model.file.model.shape
    func tensor(_ name: String, _ type: String, _ sizes: [Int]) -> JSON {
      .object([
        ("name", .text(name)), ("datatype", .text(type)),
        ("shape", .list(sizes.map(JSON.integer))),
      ])
    }
    let size = [shape.height, shape.width, shape.channels]
    var inputs = [tensor("image", "UINT8", size)]
    var outputs: [JSON] = []
    if model.file.model is any Completing {
      inputs.append(tensor("mask", "BOOL", [shape.height, shape.width]))
      outputs += [
        tensor("filled", "UINT8", [-1] + size), tensor("log_likelihood", "FP64", [-1]),
        tensor("exact", "BOOL", [-1]),
      ]
    }
    if let encoder = model.file.model as? any Encoding {
      outputs.append(tensor("features", "FP32", [encoder.latentCount]))
    }
    return Reply(
      .object([
        ("name", .text(model.name)), ("versions", .list([.text("1")])),
        ("platform", .text("lacuna")), ("inputs", .list(inputs)), ("outputs", .list(outputs)),
      ]))
  }

  /// `GET /v2/models/{model}/ready`.
  func isReady(_ call: Call) throws(Problem) -> Reply {
    let model = try desk.models.model(call.parameters["model"] ?? "")
    guard !desk.scheduler.isClosing else { throw .closing }
    return Reply(.object([("name", .text(model.name)), ("ready", .boolean(true))]))
  }

  /// `POST /v2/models/{model}/infer`.
  func infer(_ call: Call) async throws -> Reply {
    let model = try desk.models.model(call.parameters["model"] ?? "")
    let (document, inputs) = try Self.inputs(call)
    guard let image = inputs["image"] else {
      throw InferenceTensor.malformed("there is no input 'image'")
    }
    let outputs: [JSON]
    if let mask = inputs["mask"] {
      outputs = try await fill(image, mask, model, document["parameters"], call)
    } else {
      let picture = try self.picture(image)
      let features = try await desk.features(of: [picture], model, call)
      outputs = features.map {
        InferenceTensor.output("features", "FP32", [$0.means.count], $0.means.map(JSON.float))
      }
    }
    var entries: [(name: String, value: JSON)] = [
      ("model_name", .text(model.name)), ("model_version", .text("1")),
    ]
    if let id = document["id"]?.asText { entries.append(("id", .text(id))) }
    return Reply(.object(entries + [("outputs", .list(outputs))]))
  }

  private func fill(
    _ image: InferenceTensor, _ mask: InferenceTensor, _ model: ServedModel, _ parameters: JSON?,
    _ call: Call
  ) async throws(Problem) -> [JSON] {
    let picture = try picture(image)
    guard mask.values.count == picture.width * picture.height else {
      throw InferenceTensor.malformed("'mask' is not of the image's size")
    }
    let names = ["samples", "seed", "temperature", "class"]
    let fields = Field.impute(mostSamples: desk.options.maximumSamples).filter {
      names.contains($0.name)
    }
    var given: [(name: String, value: JSON)] = []
    if case .object(let entries)? = parameters { given = entries }
    let form = try Form(fields, json: .object(given.filter { names.contains($0.name) }))
    var hole = Desk.Hole(
      model: model, image: picture,
      mask: Mask(
        width: picture.width, height: picture.height, missing: mask.values.map { $0 != 0 }),
      label: try model.label(form.text("class")))
    hole.samples = form.integer("samples") ?? 1
    hole.seed = form.seed()
    hole.temperature = Float(form.number("temperature") ?? 1)
    let answers = try await desk.fill(hole, call).answers
    let size = [answers.count, picture.height, picture.width, picture.channels]
    return [
      InferenceTensor.output(
        "filled", "UINT8", size,
        answers.flatMap { answer in answer.image.pixels.map { .integer(Int($0)) } }),
      InferenceTensor.output(
        "log_likelihood", "FP64", [answers.count], answers.map { .number($0.logLikelihood) }),
      InferenceTensor.output(
        "exact", "BOOL", [answers.count], answers.map { .boolean($0.isExact) }),
    ]
  }

  /// The picture of a tensor `[height, width]` or `[height, width, 1 or 3]`, with or without a first size of 1.
  private func picture(_ tensor: InferenceTensor) throws(Problem) -> Image {
    var shape = tensor.shape[...]
    if shape.count == 4, shape.first == 1 { shape = shape.dropFirst() }
    let sizes = Array(shape)
    let channels = sizes.count == 3 ? sizes[2] : 1
    guard sizes.count == 2 || sizes.count == 3, channels == 1 || channels == 3 else {
      throw InferenceTensor.malformed(
        "'image' is none of [height, width] or [height, width, channels]")
    }
    guard sizes[0] * sizes[1] <= desk.options.maximumPixels else {
      throw Problem(
        .contentTooLarge, "'image' has \(sizes[0] * sizes[1]) pixels",
        remedy: "send a smaller image; the operator sets the limit by --max-pixels")
    }
    guard tensor.values.allSatisfy({ (0...255).contains($0) }) else {
      throw InferenceTensor.malformed("'image' has values that are none of 0...255")
    }
    return Image(
      width: sizes[1], height: sizes[0], format: channels == 3 ? .rgb : .grey,
      pixels: tensor.values.map { UInt8($0) })
  }

  /// The document of a request and its inputs by name.
  private static func inputs(_ call: Call) throws(Problem) -> (JSON, [String: InferenceTensor]) {
    var documentSize = call.body.count
    if let name = HTTPField.Name("Inference-Header-Content-Length"),
      let text = call.head.headerFields[name]
    {
      guard let size = Int(text), (0...call.body.count).contains(size) else {
        throw InferenceTensor.malformed("Inference-Header-Content-Length does not fit the body")
      }
      documentSize = size
    }
    let document = try Form.document(Array(call.body[..<documentSize]))
    guard case .list(let list)? = document["inputs"] else {
      throw InferenceTensor.malformed("there are no inputs")
    }
    var binary = call.body[documentSize...]
    var inputs: [String: InferenceTensor] = [:]
    for item in list {
      let tensor = try InferenceTensor(item, binary: &binary)
      inputs[tensor.name] = tensor
    }
    return (document, inputs)
  }

  /// What documents a request.
  static let schema = JSON.object([
    ("type", .text("object")),
    (
      "properties",
      .object([
        ("id", .object([("type", .text("string"))])),
        (
          "inputs",
          .object([
            ("type", .text("array")),
            (
              "items",
              .object([
                ("type", .text("object")),
                ("required", .list(["name", "datatype", "shape"].map(JSON.text))),
              ])
            ),
          ])
        ), ("parameters", .object([("type", .text("object"))])),
      ])
    ),
    ("required", .list([.text("inputs")])),
  ])
}
