public import Tensors

/// A table of learnt vectors, looked up by index.
public struct Embedding: Sendable {
  /// Float32 `[entries, dimensions]`, normal with deviation 1 at first, as in PyTorch.
  public let weight: Parameter

  /// Registers `weight` under `scope`.
  public init(_ scope: Scope, entries: Int, dimensions: Int) {
    weight = scope.parameter("weight", [entries, dimensions], .normal(deviation: 1))
  }

  /// `[indices, dimensions]`: the row of each index, which must be in `0 ..< entries`.
  public func callAsFunction(_ indices: [Int32]) -> Tensor {
    weight.value.embedded(indices)
  }
}
