import Files

/// A tensor of KServe's inference protocol: named numbers of a shape.
struct InferenceTensor: Sendable {
  let name: String
  let shape: [Int]
  /// Values, in row-major order.
  let values: [Double]

  /// Reads an input; its values follow the document where it says so.
  ///
  /// - Parameter binary: what follows the document and is not read yet.
  init(_ json: JSON, binary: inout ArraySlice<UInt8>) throws(Problem) {
    guard let name = json["name"]?.asText, let type = json["datatype"]?.asText,
      case .list(let sizes)? = json["shape"]
    else { throw Self.malformed("an input lacks name, datatype or shape") }
    self.name = name
    var shape: [Int] = []
    for size in sizes {
      guard case .integer(let size) = size, (1...1 << 20).contains(size) else {
        throw Self.malformed("the shape of '\(name.prefix(50))' has a size that is none")
      }
      shape.append(size)
    }
    self.shape = shape
    // No product of a few sizes can overflow what a request may hold.
    let count = shape.reduce(1) {
      min(1 << 40, $0.multipliedReportingOverflow(by: $1).partialValue)
    }
    if case .integer(let size)? = json["parameters"]?["binary_data_size"] {
      guard size >= 0, size <= binary.count else {
        throw Self.malformed("the data of '\(name.prefix(50))' are cut short")
      }
      values = try Self.values(Array(binary.prefix(size)), type)
      binary = binary.dropFirst(size)
    } else {
      var read: [Double] = []
      guard let data = json["data"], Self.flatten(data, into: &read) else {
        throw Self.malformed("'\(name.prefix(50))' has no data that are numbers")
      }
      values = read
    }
    guard values.count == count else {
      throw Self.malformed("'\(name.prefix(50))' has \(values.count) values, its shape \(count)")
    }
  }

  private static func flatten(_ json: JSON, into values: inout [Double]) -> Bool {
    switch json {
    case .list(let list): return list.allSatisfy { flatten($0, into: &values) }
    case .boolean(let value): values.append(value ? 1 : 0)
    default:
      guard let value = json.asNumber else { return false }
      values.append(value)
    }
    return true
  }

  private static func values(_ bytes: [UInt8], _ type: String) throws(Problem) -> [Double] {
    switch type {
    case "UINT8", "BOOL": return bytes.map(Double.init)
    case "FP32":
      guard bytes.count.isMultiple(of: 4) else { throw malformed("FP32 takes four bytes a value") }
      return stride(from: 0, to: bytes.count, by: 4).map { place in
        let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << (8 * $1) }
        return Double(Float(bitPattern: bits))
      }
    default: throw malformed("datatype '\(type.prefix(20))' is none of UINT8, BOOL, FP32")
    }
  }

  /// A request that breaks the protocol.
  static func malformed(_ reason: String) -> Problem {
    .badRequest(reason, remedy: "see /v2/models/NAME for inputs and outputs")
  }

  /// An output.
  static func output(_ name: String, _ type: String, _ shape: [Int], _ data: [JSON]) -> JSON {
    .object([
      ("name", .text(name)), ("datatype", .text(type)),
      ("shape", .list(shape.map(JSON.integer))), ("data", .list(data)),
    ])
  }
}
