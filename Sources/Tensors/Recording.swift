/// One call of `valueAndGradients`: which nodes of the graph its gradients flow to.
///
/// Everything else is a constant to it, also variables that nobody asked for, and what another call that this one runs
/// within has recorded.
final class Recording: Sendable {
  /// What operations are recorded for, here and now.
  @TaskLocal static var current: Recording?

  private let variables: Set<Int>
  private let start = GradientNode.latestIdentifier

  /// The recording of what depends on these variables.
  init(of variables: [Tensor]) {
    self.variables = Set(variables.compactMap { $0.node?.identifier })
  }

  /// Whether this is one of the variables.
  func isVariable(_ node: GradientNode) -> Bool { variables.contains(node.identifier) }

  /// Whether this is one of the variables, or was computed from them.
  func includes(_ node: GradientNode) -> Bool {
    (node.identifier > start && !node.inputs.isEmpty) || isVariable(node)
  }
}

extension Tensor {
  /// The same values as a variable, of which gradients can be asked.
  public var variable: Tensor { with(node: GradientNode()) }

  /// Whether an operation on this tensor will be asked for its gradient.
  var isRecorded: Bool {
    guard let node, let recording = Recording.current else { return false }
    return recording.includes(node)
  }

  /// Whether this is a variable in a computation that learns, wanted or not: its values will not stay.
  public var isLearned: Bool { node != nil && Recording.current != nil }

  /// This result with the way back to what it was computed from.
  ///
  /// `backward` gets the gradient of the result and gives one for each of `inputs`; nil means zero. It is
  /// called only where some input is recorded; what it gives for others is ignored.
  package func recorded(
    from inputs: [Tensor], backward: @escaping (Tensor) -> [Tensor?]
  ) -> Tensor {
    recorded(fromNodes: inputs.map(\.node), backward: backward)
  }

  /// The same for inputs whose memory need not outlive the operation.
  ///
  /// - Parameter product: gives the gradient of one input, for which `backward` gives nil.
  func recorded(
    fromNodes inputs: [GradientNode?], product: RecordedOperation.Product? = nil,
    backward: @escaping (Tensor) -> [Tensor?]
  ) -> Tensor {
    guard let recording = Recording.current else { return self }
    let included = inputs.map { node in node.flatMap { recording.includes($0) ? $0 : nil } }
    guard included.contains(where: { $0 != nil }) else { return self }
    return with(node: RecordedOperation(inputs: included, backward: backward, product: product))
  }
}
