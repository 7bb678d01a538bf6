public import Tensors

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The arrays that a script of `Tests/References` wrote.
public struct ReferenceArrays: Sendable {
  private let tensors: [String: Tensor]

  /// A name that the file does not hold.
  public struct Missing: Error, CustomStringConvertible {
    /// What is missing and how to make it.
    public let description: String
  }

  private let name: String

  /// Reads the file `NAME.safetensors`, which `make_NAME.py` beside it wrote.
  public init(_ name: String = "references") throws {
    self.name = name
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Tests/References/\(name).safetensors")
    tensors = try Safetensors(decoding: [UInt8](Data(contentsOf: folder))).tensors
  }

  /// The array under a name.
  public func callAsFunction(_ name: String) throws -> Tensor {
    guard let tensor = tensors[name] else {
      throw Missing(description: "no '\(name)' in the references: run make_\(name).py")
    }
    return tensor
  }

  /// Where an operation differs from a case of the references, in value or in a gradient.
  ///
  /// - Parameter inputs: the names of the operation's inputs, `input` first as a rule.
  public func differences(
    _ name: String, _ inputs: [String] = ["input"], relative: Float = 2e-5, absolute: Float = 1e-5,
    _ operation: ([Tensor]) -> Tensor
  ) throws -> [String] {
    let variables = try inputs.map { try self("\(name)/\($0)").variable }
    let weight = try self("\(name)/weight")
    var output = weight
    let (_, gradients) = valueAndGradients(of: variables) {
      output = operation(variables)
      return (output * weight).sum()
    }
    let expected = try self("\(name)/output")
    var found: [String] = []
    func compare(_ what: String, _ actual: Tensor, _ expected: Tensor) {
      if let difference = Comparison.difference(
        actual, expected, relative: relative, absolute: absolute)
      {
        found.append("\(name), \(what): \(difference)")
      }
    }
    compare("value", output, expected)
    for (input, gradient) in zip(inputs, gradients) {
      guard let gradient else {
        found.append("\(name): no gradient of \(input)")
        continue
      }
      compare("gradient of \(input)", gradient, try self("\(name)/gradient/\(input)"))
    }
    return found
  }
}
