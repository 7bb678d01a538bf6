public import Layers
public import Tensors

/// A model with p(x) = Π p(x_i | x_<i) over the pixels in raster order.
///
/// Scoring, sampling and completing follow from two members: the network's full pass and the distribution of a pixel. What is
/// expected of a pixel by its neighbours is added to the network's numbers here, where the distribution heeds it. One that has
/// learnt other orders sees each image permuted so that its order becomes raster order.
public protocol Autoregressive: Scoring, OrderAveraging, PlainSampling, Completing
where Filling == OrderedFilling {
  /// The distribution of a pixel.
  var distribution: any PixelDistribution { get }

  /// The network's full pass, float32 `[batch, height, width, distribution.parameterCount]`; the numbers of a pixel depend on
  /// the pixels before it alone.
  ///
  /// - Parameter orders: the order to which each image has been permuted.
  func outputs(of batch: ImageBatch, orders: [PixelOrder], _ pass: Pass) -> Tensor

  /// The orders that it has learnt; the first is raster order.
  var orders: [PixelOrder] { get }

  /// What gives the network's numbers of a tile of images, each permuted to its order, pixel by pixel; by default a full pass a
  /// pixel.
  ///
  /// - Parameter labels: at most a tile of them; the rest is padding.
  func outputStepper(labels: [Int?], orders: [PixelOrder], _ pass: Pass) -> any PixelStepper
}

extension Autoregressive {
  /// Raster order alone.
  public var orders: [PixelOrder] { [.raster] }

  /// The number of orders.
  public var orderCount: Int { orders.count }

  /// The model's own probability.
  public var scoreKind: ScoreKind { .exact }

  /// The parameters of every pixel's distribution given the pixels before it, float32
  /// `[batch, height, width, distribution.parameterCount]`.
  public func parameters(of batch: ImageBatch, orders: [PixelOrder], _ pass: Pass) -> Tensor {
    distribution.anticipated(
      outputs(of: batch, orders: orders, pass), levels: batch.levels, shape: shape)
  }

  /// What draws a tile of images, each permuted to its order, pixel by pixel.
  public func stepper(labels: [Int?], orders: [PixelOrder], _ pass: Pass) -> any PixelStepper {
    func anticipating(_ stepper: some PixelStepper) -> any PixelStepper {
      NeighbourStepper(stepper, shape: shape, distribution: distribution)
    }
    let own = outputStepper(labels: labels, orders: orders, pass)
    return distribution.heedsNeighbours ? anticipating(own) : own
  }

  /// The full pass of images in raster order.
  public func parameters(of batch: ImageBatch, _ pass: Pass) -> Tensor {
    parameters(of: batch, orders: [PixelOrder](repeating: .raster, count: batch.count), pass)
  }

  /// A full pass for every pixel.
  public func outputStepper(
    labels: [Int?], orders: [PixelOrder], _ pass: Pass
  ) -> any PixelStepper {
    PlainStepper(labels: labels, orders: orders, shape: shape) {
      outputs(of: $0, orders: $1, pass)
    }
  }

  /// The mean negative log-likelihood of a batch's images, in nats; each image in an order drawn for it.
  ///
  /// - Parameter penalty: what is added while it learns, such as a prior of weights.
  func likelihoodObjective(
    _ parameters: [Parameter], penalty: (@Sendable () -> Tensor)? = nil
  ) -> Objective {
    Objective(name: "likelihood", parameters: parameters) { batch, pass in
      let orders = learntOrders(of: batch, pass)
      let batch = batch.permuted(to: orders)
      let losses = distribution.negativeLogLikelihood(
        parameters: self.parameters(of: batch, orders: orders, pass), levels: batch.levels)
      let mean = losses.sum() * (1 / Float(batch.count))
      guard pass.isLearning, let penalty else { return mean }
      return mean + penalty()
    }
  }

  /// While learning, an order drawn for each image from those of the model; else raster order.
  private func learntOrders(of batch: ImageBatch, _ pass: Pass) -> [PixelOrder] {
    guard orders.count > 1, let noise = pass.noise else {
      return [PixelOrder](repeating: .raster, count: batch.count)
    }
    return noise.with(purpose: .orders).uniforms(batch.count).map {
      orders[min(orders.count - 1, Int($0 * Float(orders.count)))]
    }
  }

  /// Exact log-likelihoods, in raster order.
  public func scores(_ batch: ImageBatch, _ pass: Pass) -> [Double] {
    scores(batch, order: .raster, pass)
  }

  /// Exact log-likelihoods of images in raster order, whose pixels are taken in an order of the model.
  package func scores(_ batch: ImageBatch, order: PixelOrder, _ pass: Pass) -> [Double] {
    let orders = [PixelOrder](repeating: order, count: batch.count)
    let batch = batch.permuted(to: orders)
    return distribution.logLikelihoods(
      parameters: parameters(of: batch, orders: orders, pass), levels: batch.levels)
  }
}
