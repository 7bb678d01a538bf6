public import Tensors

/// A named float32 tensor that training changes.
public final class Parameter: @unchecked Sendable {
  /// The path under which checkpoints keep it, such as `encoder.fc1.weight`.
  public let name: String
  /// Its present value, a variable of the gradient graph.
  public private(set) var value: Tensor

  init(name: String, value: Tensor) {
    precondition(value.elementType == .float32, "parameters are float32: \(name)")
    self.name = name
    self.value = value.variable
  }

  /// Replaces the value by another of the same shape.
  public func assign(_ tensor: Tensor) {
    precondition(tensor.shape == value.shape, "\(name): \(tensor.shape) for \(value.shape)")
    value = tensor.converted(to: .float32).variable
  }
}
