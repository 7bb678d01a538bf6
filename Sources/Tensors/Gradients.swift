import Synchronization

/// One recorded operation, or a variable that gradients are asked of.
///
/// Operations record themselves while `valueAndGradients` runs its body, if any input is recorded.
package final class GradientNode: @unchecked Sendable {
  /// Rises with every node, so that descending order is a reverse topological order.
  let identifier: Int
  let inputs: [GradientNode?]
  /// Takes the gradient of the output to those of the inputs; dropped after use, with all that it holds.
  var backward: ((Tensor) -> [Tensor?])?

  private static let counter = Atomic<Int>(0)

  init(inputs: [GradientNode?], backward: ((Tensor) -> [Tensor?])?) {
    identifier = Self.counter.add(1, ordering: .relaxed).newValue
    self.inputs = inputs
    self.backward = backward
  }
}

/// Whether operations record themselves here and now.
enum Recording {
  @TaskLocal static var isOn = false
}

extension Tensor {
  /// The same values as a variable, of which gradients can be asked.
  public var variable: Tensor { with(node: GradientNode(inputs: [], backward: nil)) }

  /// Whether an operation on this tensor will be asked for its gradient.
  var isRecorded: Bool { Recording.isOn && node != nil }

  /// This result with the way back to what it was computed from.
  ///
  /// `backward` gets the gradient of the result and gives one for each of `inputs`; nil means zero. It is
  /// called only where some input is recorded.
  package func recorded(
    from inputs: [Tensor], backward: @escaping (Tensor) -> [Tensor?]
  ) -> Tensor {
    recorded(fromNodes: inputs.map(\.node), backward: backward)
  }

  /// The same for inputs whose memory need not outlive the operation.
  func recorded(
    fromNodes inputs: [GradientNode?], backward: @escaping (Tensor) -> [Tensor?]
  ) -> Tensor {
    guard Recording.isOn, inputs.contains(where: { $0 != nil }) else { return self }
    return with(node: GradientNode(inputs: inputs, backward: backward))
  }
}

/// The value of a scalar computation and its gradient with respect to each variable.
///
/// Variables that the value does not depend on get nil. Reverse mode (Linnainmaa 1970): nodes are
/// visited from the newest to the oldest, and each hands its gradient to its inputs.
public func valueAndGradients(
  of variables: [Tensor], _ body: () throws -> Tensor
) rethrows -> (value: Tensor, gradients: [Tensor?]) {
  let value = try Recording.$isOn.withValue(true) { try body() }
  precondition(value.count == 1, "gradients are taken of a scalar, not of \(value.shape)")
  guard let root = value.node else { return (value, variables.map { _ in nil }) }
  var gradients = [
    root.identifier: Tensor(repeating: 1, shape: value.shape, value.elementType)
  ]
  let kept = Set(variables.compactMap { $0.node?.identifier })
  for node in newestFirst(from: root) {
    let isKept = kept.contains(node.identifier)
    guard let backward = node.backward,
      let gradient = isKept
        ? gradients[node.identifier] : gradients.removeValue(forKey: node.identifier)
    else { continue }
    node.backward = nil
    for (input, contribution) in zip(node.inputs, backward(gradient)) {
      guard let input, let contribution else { continue }
      if let sum = gradients.removeValue(forKey: input.identifier) {
        gradients[input.identifier] = (consume sum).accumulating(contribution)
      } else {
        gradients[input.identifier] = contribution
      }
    }
  }
  return (
    value.detached, variables.map { variable in variable.node.flatMap { gradients[$0.identifier] } }
  )
}

/// Every node that the root was computed from, the newest first.
private func newestFirst(from root: GradientNode) -> [GradientNode] {
  var seen: Set<Int> = [root.identifier]
  var found = [root]
  var next = 0
  while next < found.count {
    for case let input? in found[next].inputs where seen.insert(input.identifier).inserted {
      found.append(input)
    }
    next += 1
  }
  return found.sorted { $0.identifier > $1.identifier }
}
