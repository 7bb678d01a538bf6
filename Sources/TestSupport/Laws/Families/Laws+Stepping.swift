public import Layers
public import Models
public import Tensors

extension Laws {
  /// The cached stepper's parameters equal the full pass's, also where some pixels' are never asked for.
  ///
  /// - Parameter tolerance: of the largest parameter.
  public static func stepperEqualsFullPass(
    _ zoo: ZooInstance, _ precision: ElementType, tolerance: Float
  ) throws -> [String] {
    guard let model = try zoo.shaken().model as? any Autoregressive else {
      return ["not autoregressive"]
    }
    return stepperDifferences(model, zoo, Pass(precision), tolerance)
  }

  private static func stepperDifferences(
    _ model: some Autoregressive, _ zoo: ZooInstance, _ pass: Pass, _ tolerance: Float
  ) -> [String] {
    let orders = (0..<Tiles.size).map { model.orders[$0 % model.orders.count] }
    let batch = zoo.batch(Tiles.size, unknownLabels: true).permuted(to: orders)
    let full = model.parameters(of: batch, orders: orders, pass)
    return stepperDifferences(zoo.shape, batch.levels.values, full, tolerance) {
      // Fewer labels than images, so that the padding is tried too.
      model.stepper(
        labels: Array(batch.labels.prefix(Tiles.size - 3)),
        orders: Array(orders.prefix(Tiles.size - 3)), pass)
    }
  }

  /// The parameters that a causal decoder's cached stepper gives equal the full pass's, in every tile that it starts.
  public static func decoderStepperEqualsFullPass(
    _ zoo: ZooInstance, _ precision: ElementType, tolerance: Float
  ) throws -> [String] {
    guard let model = try zoo.shaken().model as? any LatentVariable else {
      return ["no latents"]
    }
    let (decoder, pass) = (model.decoder, Pass(precision))
    guard let stepper = decoder.stepper(pass) else { return [] }
    return (0..<2).flatMap { round -> [String] in
      let batch = zoo.batch(Tiles.size, seed: 50 + UInt64(round))
      let points = RandomSource(seed: 44, purpose: .testing).at(round)
        .normal([Tiles.size, model.latentCount])
      let maps = decoder.maps(
        of: model.decoderInput(latents: points, labels: batch.labels), pass)
      let full = decoder.parameters(maps: maps, levels: batch.levels, pass)
      return stepperDifferences(zoo.shape, batch.levels.values, full, tolerance) {
        stepper.start(maps: maps)
        return stepper
      }
    }
  }

  /// - Parameter full: the full pass's parameters of a tile of images.
  private static func stepperDifferences(
    _ shape: ImageShape, _ levels: [Float], _ full: Tensor, _ tolerance: Float,
    start: () -> any PixelStepper
  ) -> [String] {
    let (pixels, expected, width) = (shape.pixelCount, full.values, full.shape[-1])
    let largest = largest(expected)
    return [1, 3].flatMap { every -> [String] in
      let stepper = start()
      var found: [String] = []
      for pixel in 0..<pixels {
        if pixel % every == every - 1 {
          let row = stepper.nextParameters()
          if row.shape != [Tiles.size, width] { found.append("the shape is \(row.shape)") }
          let values = row.values
          let worst = (0..<Tiles.size - 3).flatMap { image in
            (0..<width).map { i in
              abs(values[image * width + i] - expected[(image * pixels + pixel) * width + i])
            }
          }.reduce(Float(0)) { $1.isNaN ? .infinity : max($0, $1) }
          if worst > tolerance * largest {
            found.append("pixel \(pixel) differs by \(worst), the largest parameter is \(largest)")
          }
        }
        stepper.advance(
          (0..<Tiles.size).flatMap { image in
            (0..<shape.channels).map { levels[(image * pixels + pixel) * shape.channels + $0] }
          })
      }
      return found.map { "asked for every \(every). pixel: \($0)" }
    }
  }

  /// A stepper of few images gives each of them the numbers that one of a full tile gives it, to the last bit, whatever the others
  /// are and whichever pixels are asked for.
  public static func fewImagesAreAsInAFullTile(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken().model as? any Autoregressive else {
      return ["not autoregressive"]
    }
    return precisions.flatMap { precision in
      [(1, 1), (17, 3), (33, 2)].flatMap { count, every in
        fewImagesDiffer(model, zoo, count: count, every: every, Pass(precision)).map {
          "\($0) (\(count) images, \(precision))"
        }
      }
    }
  }

  private static func fewImagesDiffer(
    _ model: some Autoregressive, _ zoo: ZooInstance, count: Int, every: Int, _ pass: Pass
  ) -> [String] {
    let (shape, orders) = (zoo.shape, model.orders)
    let batch = zoo.batch(Tiles.size, unknownLabels: true)
    func stepper(_ images: Int) -> any PixelStepper {
      model.stepper(
        labels: Array(batch.labels.prefix(images)),
        orders: (0..<images).map { orders[$0 % orders.count] }, pass)
    }
    let (all, few) = (stepper(Tiles.size), stepper(count))
    var found: [String] = []
    for pixel in 0..<shape.pixelCount {
      let expected = all.nextParameters().values
      if pixel % every == every - 1 {
        let values = few.nextParameters().values
        let width = values.count / few.rows
        let isSame = zip(values.prefix(count * width), expected).allSatisfy {
          $0.bitPattern == $1.bitPattern
        }
        if !isSame { found.append("pixel \(pixel) differs") }
      }
      let levels = (0..<Tiles.size).flatMap { image in
        (0..<shape.channels).map {
          batch.levels.values[(image * shape.pixelCount + pixel) * shape.channels + $0]
        }
      }
      all.advance(levels)
      few.advance(Array(levels.prefix(few.rows * shape.channels)))
    }
    return found
  }

  /// The cached stepper draws the images that the plain one draws, in float32; rounding may turn a draw that lies on
  /// the edge, once in a great while.
  public static func stepperDrawsAsPlainOne(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken().model as? any Autoregressive else {
      return ["not autoregressive"]
    }
    return drawingDifferences(model, zoo)
  }

  private static func drawingDifferences(
    _ model: some Autoregressive, _ zoo: ZooInstance
  ) -> [String] {
    let count = 40
    let cached = model.samples(zoo.requests(count), temperature: 1, Pass())
    let plain = PlainlyStepped(model).samples(zoo.requests(count), temperature: 1, Pass())
    let other = zip(cached, plain).count { $0.levels != $1.levels }
    return other <= 1 ? [] : ["\(other) of \(count) images differ from those of the plain stepper"]
  }
}

/// A model that draws by a full pass for every pixel, whatever it has to be faster.
public struct PlainlyStepped<Model: Autoregressive>: Autoregressive {
  private let model: Model

  /// The same model, drawing plainly.
  public init(_ model: Model) {
    self.model = model
  }

  /// A new model.
  public init(
    _ configuration: Model.Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    model = try Model(configuration, shape: shape, classCount: classCount, scope: scope)
  }

  /// The model's card.
  public static var card: ModelCard { Model.card }
  /// The model's settings.
  public var configuration: Model.Configuration { model.configuration }
  /// The model's images.
  public var shape: ImageShape { model.shape }
  /// The model's classes.
  public var classCount: Int { model.classCount }
  /// The model's objectives.
  public var objectives: [Objective] { model.objectives }
  /// The model's distribution.
  public var distribution: any PixelDistribution { model.distribution }
  /// The model's orders.
  public var orders: [PixelOrder] { model.orders }
  /// The model's full pass.
  public func outputs(of batch: ImageBatch, orders: [PixelOrder], _ pass: Pass) -> Tensor {
    model.outputs(of: batch, orders: orders, pass)
  }
}
