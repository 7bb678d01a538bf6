public import Tensors

/// A named float32 tensor that is saved with the model and that training changes otherwise than by gradients: running
/// statistics, persistent chains, codebooks.
public final class StateTensor: @unchecked Sendable {
  /// The path under which files keep it, such as `encoder.norm.mean`; no parameter has the same.
  public let name: String
  /// Its present value, a constant of the gradient graph.
  public private(set) var value: Tensor

  init(name: String, value: Tensor) {
    precondition(value.elementType == .float32, "states are float32: \(name)")
    self.name = name
    self.value = value.detached
  }

  /// Replaces the value by another of the same shape; not while another thread computes with it.
  public func assign(_ tensor: Tensor) {
    precondition(tensor.shape == value.shape, "\(name): \(tensor.shape) for \(value.shape)")
    value = tensor.detached.converted(to: .float32)
  }
}
