import Synchronization

/// A place in the gradient graph: a variable that gradients can be asked of, or the result of an operation
/// (`RecordedOperation`).
package class GradientNode: @unchecked Sendable {
  /// Rises with every node, so that descending order is a reverse topological order.
  let identifier: Int
  /// What gradients flow on to, nil for a constant; a variable has no inputs.
  let inputs: [GradientNode?]

  private static let counter = Atomic<Int>(0)
  /// The identifier of the newest node.
  static var latestIdentifier: Int { counter.load(ordering: .relaxed) }

  /// A variable, or what an operation has of a node.
  init(inputs: [GradientNode?] = []) {
    identifier = Self.counter.add(1, ordering: .relaxed).newValue
    self.inputs = inputs
  }
}
