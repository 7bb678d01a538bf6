public import Tensors

/// All parameters and states of one model, in the order in which its layers made them.
public final class ParameterStore: @unchecked Sendable {
  /// The parameters in order of creation.
  public private(set) var parameters: [Parameter] = []
  /// The states in order of creation.
  public private(set) var states: [StateTensor] = []
  private var byName: [String: Parameter] = [:]
  private var names: Set<String> = []
  /// Parameters and states that were asked for in another shape than a file holds them; each has a single value in its
  /// place, and the model is of no use.
  public private(set) var refused: [(name: String, shape: Shape)] = []
  private let held: [String: Shape]?
  let seed: UInt64

  /// An empty store; `seed` decides the initial values.
  ///
  /// - Parameter held: the shapes of a file's tensors by name, or nil where no file is read. No memory is taken for a
  ///   tensor of another shape: a file may claim a model far larger than itself.
  public init(seed: UInt64 = 0, held: [String: Shape]? = nil) {
    self.seed = seed
    self.held = held
  }

  /// The place where a model registers its layers.
  public var root: Scope { Scope(store: self, path: "") }

  /// The number of values of all parameters.
  public var valueCount: Int { parameters.reduce(0) { $0 + $1.value.count } }

  /// The parameter of this name.
  public subscript(name: String) -> Parameter? { byName[name] }

  func register(_ name: String, shape: Shape, initializer: Initializer) -> Parameter {
    let random = RandomSource(
      seed: seed, purpose: .initialization, index: UInt64(parameters.count))
    let parameter = Parameter(
      name: name, value: initializer.values(admitted(name, shape), random))
    parameters.append(parameter)
    byName[name] = parameter
    return parameter
  }

  func registerState(_ name: String, shape: Shape, initializer: Initializer) -> StateTensor {
    // Numbers of their own: a model that gains a state keeps the first values of its parameters.
    let random = RandomSource(seed: seed, purpose: .states, index: UInt64(states.count))
    let state = StateTensor(name: name, value: initializer.values(admitted(name, shape), random))
    states.append(state)
    return state
  }

  /// Takes a name, and gives the shape in which memory may be taken for it.
  private func admitted(_ name: String, _ shape: Shape) -> Shape {
    precondition(names.insert(name).inserted, "two parameters or states are named \(name)")
    guard let held, held[name] != shape else { return shape }
    refused.append((name, shape))
    return Shape(shape.sizes.map { _ in 1 })
  }
}

/// A path within a store: `scope / "encoder.fc1"` names the parameters that a layer makes there.
public struct Scope: Sendable {
  let store: ParameterStore
  let path: String

  /// What decides every random number of the model's making.
  public var seed: UInt64 { store.seed }

  /// The scope of this name below `scope`.
  public static func / (scope: Scope, name: String) -> Scope {
    Scope(store: scope.store, path: scope.path.isEmpty ? name : "\(scope.path).\(name)")
  }

  /// Makes and registers a parameter.
  public func parameter(_ name: String, _ shape: Shape, _ initializer: Initializer) -> Parameter {
    store.register((self / name).path, shape: shape, initializer: initializer)
  }

  /// Makes and registers a state; its first random values change no parameter's.
  public func state(_ name: String, _ shape: Shape, _ initializer: Initializer) -> StateTensor {
    store.registerState((self / name).path, shape: shape, initializer: initializer)
  }
}

extension Scope {
  /// Every parameter registered so far at or below this path, in order of creation.
  public var parameters: [Parameter] { store.parameters.filter { isAbove($0.name) } }

  /// Every state registered so far at or below this path, in order of creation.
  public var states: [StateTensor] { store.states.filter { isAbove($0.name) } }

  private func isAbove(_ name: String) -> Bool {
    path.isEmpty || name == path || name.hasPrefix(path + ".")
  }
}
