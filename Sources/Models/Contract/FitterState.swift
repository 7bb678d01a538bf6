public import Tensors

/// A fitting under way, as a checkpoint keeps it.
public struct FitterState: Sendable {
  /// Float32 tensors by name.
  public var tensors: [String: Tensor]
  /// Numbers by name; they read back to the same.
  public var numbers: [String: Double]

  /// A state of these.
  public init(tensors: [String: Tensor] = [:], numbers: [String: Double] = [:]) {
    self.tensors = tensors
    self.numbers = numbers
  }

  /// Keeps finite float64 values so that they read back to the same: as three float32 numbers each, which add up to it.
  mutating func keep(_ values: [Double], as name: String) {
    var rest = values
    let parts = (0..<3).flatMap { _ in
      let part = rest.map { Float($0) }
      rest = zip(rest, part).map { $0 - Double($1) }
      return part
    }
    tensors[name] = Tensor(parts, shape: [3, values.count])
  }

  /// The float64 values that were kept under a name; nil where there are none.
  func kept(_ name: String) -> [Double]? {
    guard let tensor = tensors[name], tensor.shape.rank == 2, tensor.shape[0] == 3 else {
      return nil
    }
    let (values, count) = (tensor.values, tensor.shape[1])
    return (0..<count).map { place in
      let low = Double(values[2 * count + place]) + Double(values[count + place])
      return low + Double(values[place])
    }
  }
}
