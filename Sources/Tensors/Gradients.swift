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
  /// The gradient of one more input, as a product; dropped after use.
  var product: Product?

  /// How the gradient of one input follows from the output's as a product.
  typealias Product = (input: Int, make: (Tensor) -> LowRankGradient)

  private static let counter = Atomic<Int>(0)

  init(
    inputs: [GradientNode?], backward: ((Tensor) -> [Tensor?])?, product: Product? = nil
  ) {
    self.product = product
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
  ///
  /// - Parameter product: gives the gradient of one input, for which `backward` gives nil.
  func recorded(
    fromNodes inputs: [GradientNode?], product: GradientNode.Product? = nil,
    backward: @escaping (Tensor) -> [Tensor?]
  ) -> Tensor {
    guard Recording.isOn, inputs.contains(where: { $0 != nil }) else { return self }
    return with(node: GradientNode(inputs: inputs, backward: backward, product: product))
  }
}

/// The value of a scalar computation and its gradient with respect to each variable.
///
/// Variables that the value does not depend on get nil. Reverse mode (Linnainmaa 1970): nodes are
/// visited from the newest to the oldest, and each hands its gradient to its inputs.
public func valueAndGradients(
  of variables: [Tensor], _ body: () throws -> Tensor
) rethrows -> (value: Tensor, gradients: [Tensor?]) {
  let (value, parts) = try valueAndGradientParts(of: variables, body)
  return (value, parts.map(\.value))
}

/// The same, but a variable's gradients of low rank are left as products to the caller.
package func valueAndGradientParts(
  of variables: [Tensor], _ body: () throws -> Tensor
) rethrows -> (value: Tensor, gradients: [GradientPart]) {
  let value = try Recording.$isOn.withValue(true) { try body() }
  precondition(value.count == 1, "gradients are taken of a scalar, not of \(value.shape)")
  guard let root = value.node else { return (value, variables.map { _ in GradientPart(nil) }) }
  var gradients = CollectedGradients(of: variables)
  gradients.add(Tensor(repeating: 1, shape: value.shape, value.elementType), to: root)
  for node in newestFirst(from: root) {
    guard let backward = node.backward, let gradient = gradients.take(node) else { continue }
    for (input, contribution) in zip(node.inputs, backward(gradient)) {
      guard let input, let contribution else { continue }
      gradients.add(contribution, to: input)
    }
    if let product = node.product, let input = node.inputs[product.input] {
      gradients.add(product.make(gradient), to: input)
    }
    // Both hold what the way forward left.
    node.backward = nil
    node.product = nil
  }
  return (
    value.detached, variables.map { $0.node.map { gradients.part(of: $0) } ?? GradientPart(nil) }
  )
}

/// The gradients found so far on the way back, by node.
private struct CollectedGradients {
  private var sums: [Int: Tensor] = [:]
  private var products: [Int: [LowRankGradient]] = [:]
  private let kept: Set<Int>

  init(of variables: [Tensor]) {
    kept = Set(variables.compactMap { $0.node?.identifier })
  }

  mutating func add(_ contribution: Tensor, to node: GradientNode) {
    if let sum = sums.removeValue(forKey: node.identifier) {
      sums[node.identifier] = (consume sum).accumulating(contribution)
    } else {
      sums[node.identifier] = contribution
    }
  }

  mutating func add(_ product: LowRankGradient, to node: GradientNode) {
    // Where the way goes on behind the node, its gradient is needed now.
    if product.isWorthKeeping, node.backward == nil, kept.contains(node.identifier) {
      products[node.identifier, default: []].append(product)
    } else {
      add(product.value, to: node)
    }
  }

  /// The gradient of a node whose outputs have all been visited.
  mutating func take(_ node: GradientNode) -> Tensor? {
    kept.contains(node.identifier)
      ? sums[node.identifier] : sums.removeValue(forKey: node.identifier)
  }

  func part(of node: GradientNode) -> GradientPart {
    GradientPart(sum: sums[node.identifier], products: products[node.identifier] ?? [])
  }
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
