/// A model that is fitted to all images at once, without gradients: in closed form, or by expectation maximisation.
public protocol Fitted: GenerativeModel {
  /// A fitting of every image, before its first pass.
  ///
  /// - Parameter batches: calls its argument with every batch in turn.
  func fitter(_ batches: ((ImageBatch) -> Void) -> Void) -> any Fitter
}

extension Fitted {
  /// Fits every image to the end.
  public func fit(_ batches: ((ImageBatch) -> Void) -> Void) {
    let fitter = fitter(batches)
    while fitter.makePass() != nil {}
    fitter.finish()
  }
}

/// A fitting under way.
public protocol Fitter: AnyObject {
  /// Passes over the images that there can be at most.
  var mostPasses: Int { get }

  /// Makes one more pass over the images.
  ///
  /// - Returns: what it found to be minimised, in nats an image, or nil where nothing is left to learn.
  func makePass() -> Double?

  /// Sets the model's parameters to what was learnt.
  func finish()

  /// Everything that a checkpoint must keep.
  var state: FitterState { get }

  /// Goes on where a state of the same images and settings was taken.
  ///
  /// - Returns: whether the state is one of this fitting.
  func restore(_ state: FitterState) -> Bool
}
