/// The fitter of a model that has learnt all there is once it has seen every image.
final class ClosedFormFitter: Fitter {
  private let assign: () -> Void

  /// - Parameter assign: sets the model's parameters.
  init(assign: @escaping () -> Void) { self.assign = assign }

  let mostPasses = 0

  func makePass() -> Double? { nil }

  func finish() { assign() }

  var state: FitterState { FitterState() }

  func restore(_ state: FitterState) -> Bool { true }
}
