/// The value of a scalar computation and its gradient with respect to each variable.
///
/// Variables that the value does not depend on get nil. Variables that are not asked for count as constants, and cost
/// nothing. Reverse mode (Linnainmaa 1970): nodes are visited from the newest to the oldest, and each hands its gradient to
/// its inputs.
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
  let recording = Recording(of: variables)
  let value = try Recording.$current.withValue(recording) { try body() }
  precondition(value.count == 1, "gradients are taken of a scalar, not of \(value.shape)")
  guard let root = value.node, recording.includes(root) else {
    return (value.detached, variables.map { _ in GradientPart(nil) })
  }
  var gradients = CollectedGradients(of: recording)
  gradients.add(Tensor(repeating: 1, shape: value.shape, value.elementType), to: root)
  // Gradients are constants, also where this call runs within another.
  Recording.$current.withValue(nil) {
    for operation in newestFirst(from: root, recording) { gradients.takeBack(through: operation) }
  }
  return (
    value.detached, variables.map { $0.node.map { gradients.part(of: $0) } ?? GradientPart(nil) }
  )
}

/// The gradients found so far on the way back, by node.
private struct CollectedGradients {
  private var sums: [Int: Tensor] = [:]
  private var products: [Int: [LowRankGradient]] = [:]
  private let recording: Recording

  init(of recording: Recording) { self.recording = recording }

  mutating func add(_ contribution: Tensor, to node: GradientNode) {
    if let sum = sums.removeValue(forKey: node.identifier) {
      sums[node.identifier] = (consume sum).accumulating(contribution)
    } else {
      sums[node.identifier] = contribution
    }
  }

  private mutating func add(_ product: LowRankGradient, to node: GradientNode) {
    // Where the way goes on behind the node, its gradient is needed now.
    if product.isWorthKeeping, recording.isVariable(node) {
      products[node.identifier, default: []].append(product)
    } else {
      add(product.value, to: node)
    }
  }

  /// Hands the gradient of an operation, all of whose users have been visited, to its inputs.
  mutating func takeBack(through operation: RecordedOperation) {
    // What the way forward left is held no longer than needed.
    defer { operation.forget() }
    guard let backward = operation.backward,
      let gradient = sums.removeValue(forKey: operation.identifier)
    else { return }
    for (input, contribution) in zip(operation.inputs, backward(gradient)) {
      guard let input, let contribution else { continue }
      add(contribution, to: input)
    }
    if let product = operation.product, let input = operation.inputs[product.input] {
      add(product.make(gradient), to: input)
    }
  }

  func part(of node: GradientNode) -> GradientPart {
    GradientPart(sum: sums[node.identifier], products: products[node.identifier] ?? [])
  }
}

/// Every operation between the root and the variables, the newest first.
private func newestFirst(from root: GradientNode, _ recording: Recording) -> [RecordedOperation] {
  var seen: Set<Int> = []
  var found: [RecordedOperation] = []
  func find(_ node: GradientNode) {
    guard !recording.isVariable(node), seen.insert(node.identifier).inserted else { return }
    if let operation = node as? RecordedOperation { found.append(operation) }
  }
  find(root)
  var next = 0
  while next < found.count {
    for case let input? in found[next].inputs { find(input) }
    next += 1
  }
  return found.sorted { $0.identifier > $1.identifier }
}
