/// The sizes of a tensor's axes, the outermost first; `[]` is a scalar.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// Sizes, the outermost axis first.
  public let sizes: [Int]

  /// A shape with these sizes, none of them negative.
  public init(_ sizes: [Int]) {
    precondition(sizes.allSatisfy { $0 >= 0 }, "a shape has no negative size: \(sizes)")
    self.sizes = sizes
  }

  /// A shape written as a literal, `[batch, height, width, channels]`.
  public init(arrayLiteral elements: Int...) {
    self.init(elements)
  }

  /// The number of axes.
  public var rank: Int { sizes.count }

  /// The product of all sizes; 1 for a scalar.
  public var count: Int { sizes.reduce(1, *) }

  /// The size of an axis; a negative one counts from the end.
  public subscript(axis: Int) -> Int {
    sizes[normalized(axis)]
  }

  /// The axis counted from the front.
  public func normalized(_ axis: Int) -> Int {
    let normalized = axis < 0 ? axis + rank : axis
    precondition((0..<rank).contains(normalized), "axis \(axis) of a shape \(self)")
    return normalized
  }

  /// The same shape with another size along one axis.
  public func replacing(_ axis: Int, with size: Int) -> Shape {
    var changed = sizes
    changed[normalized(axis)] = size
    return Shape(changed)
  }

  /// The same shape without one axis.
  public func removing(_ axis: Int) -> Shape {
    var changed = sizes
    changed.remove(at: normalized(axis))
    return Shape(changed)
  }

  /// Such as `[2, 28, 28, 1]`.
  public var description: String {
    "[" + sizes.map(String.init).joined(separator: ", ") + "]"
  }
}
