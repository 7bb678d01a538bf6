import Platform
import Synchronization

extension PackedProduct {
  /// What was seen of products of one shape and a number of times as many rows.
  private struct Trial: Hashable {
    let key: PlanKey
    let times: Int
  }
  private static let trials = Mutex<[Trial: Bool]>([:])

  /// Whether its rows come out, to the last bit, as they do among so many times as many rows, wherever they stand there.
  ///
  /// oneDNN chooses its kernels by the shape and promises nothing of the kind; most sum a row in the same order however many there
  /// are. It is tried with random numbers, once for each shape on each processor that the program runs on: another order
  /// of summation does not leave thousands of sums as they were.
  package func equalsPart(timesAsManyRows times: Int) -> Bool {
    let trial = Trial(key: key, times: times)
    if let known = Self.trials.withLock({ $0[trial] }) { return known }
    let equals = isEqualInTrial(times)
    Self.trials.withLock { $0[trial] = equals }
    return equals
  }

  private func isEqualInTrial(_ times: Int) -> Bool {
    let whole = key.withRows(timesAsMany: times)
    let plan = PlanCache.take(whole, threads: 1)
    defer { PlanCache.giveBack(plan, whole, threads: 1) }
    let (sources, targets) = (key.sourceStep, key.targetStep)
    let random = RandomSource(seed: 0, purpose: .testing)
    let source = Slab(times * sources, key.sourceType)
    func numbers(_ count: Int, _ index: Int) -> Tensor {
      Tensor(random.at(index).uniforms(count).map { $0 - 0.5 }, shape: [count])
    }
    source.fill(with: numbers(source.count, 0))
    let start = numbers(times * targets, 1)
    let (together, apart) = (Slab(start.count, key.targetType), Slab(start.count, key.targetType))
    for target in [together, apart] { target.fill(with: start) }
    let packed = plan.pack(weights)
    withExtendedLifetime(packed) {
      plan.run(
        source: source.pointer(at: 0, spanning: source.count), weights: packed.pointer,
        bias: bias?.floats, destination: together.pointer(at: 0, spanning: start.count))
    }
    for part in 0..<times {
      run(source, from: part * sources, into: apart, at: part * targets)
    }
    return memcmp(
      together.pointer(at: 0, spanning: start.count), apart.pointer(at: 0, spanning: start.count),
      start.count * key.targetType.byteCount) == 0
  }
}

extension PlanKey {
  /// The same for more rows of a product, or images of a convolution.
  fileprivate func withRows(timesAsMany times: Int) -> PlanKey {
    switch self {
    case .product(var shape):
      shape.rows *= times
      return .product(shape)
    case .forward(let shape, let type, let bias, let accumulate):
      return .forward(
        shape.with(batch: times * shape.batch), type, bias: bias, accumulate: accumulate)
    case .backwardData, .backwardWeights: preconditionFailure("no packed product: \(self)")
    }
  }

  /// Elements from the first row of the source to the first row of a next part.
  fileprivate var sourceStep: Int {
    switch self {
    case .product(let shape): shape.rows * shape.aStride
    case .forward(let shape, _, _, _): shape.inputShape.count
    case .backwardData, .backwardWeights: preconditionFailure("no packed product: \(self)")
    }
  }

  /// The same of the result.
  fileprivate var targetStep: Int {
    switch self {
    case .product(let shape): shape.rows * shape.cStride
    case .forward(let shape, _, _, _): shape.outputShape.count
    case .backwardData, .backwardWeights: preconditionFailure("no packed product: \(self)")
    }
  }

  fileprivate var sourceType: ElementType {
    switch self {
    case .product(let shape): shape.aType
    case .forward(_, let type, _, _), .backwardData(_, let type), .backwardWeights(_, let type, _):
      type
    }
  }

  fileprivate var targetType: ElementType {
    if case .product(let shape) = self { shape.cType } else { sourceType }
  }
}
