/// A model with state that is saved and that no gradient trains: persistent chains, running statistics, codebooks.
///
/// The state is registered by `Scope.state`, beside the parameters, and kept in model files and checkpoints.
public protocol Stateful: GenerativeModel {
  /// Brings the state up to date after a step, on the calling thread alone.
  ///
  /// It may spread work over the threads; what it does must depend on state, parameters, batch and the pass's noise
  /// alone, so that a resumed training comes to the same.
  ///
  /// - Parameter batch: the images of the step.
  func updateState(after batch: ImageBatch, _ pass: Pass)
}
