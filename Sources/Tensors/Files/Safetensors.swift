#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The safetensors format: an 8-byte little-endian header length, a JSON header with each tensor's
/// type, shape and place, then the raw values.
///
/// Nothing in it is executable. Float32 and bfloat16 tensors are read, float32 ones are written.
public struct Safetensors: Sendable {
  /// The tensors by name.
  public var tensors: [String: Tensor]
  /// Text by key, kept under `__metadata__`.
  public var metadata: [String: String]

  /// A file's contents.
  public init(tensors: [String: Tensor], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Why bytes are not a safetensors file.
  public struct FormatError: Error, CustomStringConvertible {
    /// The reason.
    public let description: String

    package init(_ description: String) { self.description = description }
  }

  /// Headers beyond this many bytes are refused before memory is taken: room for a hundred thousand tensors and classes.
  static let mostHeaderBytes = 16 << 20

  private struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  private struct Header: Codable {
    var entries: [String: Entry] = [:]
    var metadata: [String: String] = [:]

    init() {}

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      if !metadata.isEmpty { try container.encode(metadata, forKey: Key("__metadata__")) }
      for (name, entry) in entries { try container.encode(entry, forKey: Key(name)) }
    }
  }

  /// The bytes of a file with these contents; equal contents give equal bytes.
  public func encoded() throws -> [UInt8] {
    var header = Header()
    header.metadata = metadata
    let names = tensors.keys.sorted()
    var end = 0
    var payload: [Tensor] = []
    for name in names {
      guard let tensor = tensors[name]?.converted(to: .float32) else { continue }
      header.entries[name] = Entry(
        dtype: "F32", shape: tensor.shape.sizes, offsets: [end, end + tensor.count * 4])
      end += tensor.count * 4
      payload.append(tensor)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var text = [UInt8](try encoder.encode(header))
    // Values start at a multiple of 8 bytes.
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + text.count + end)
    withUnsafeBytes(of: UInt64(text.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: text)
    for tensor in payload {
      tensor.withValues { bytes.append(contentsOf: UnsafeRawBufferPointer($0)) }
    }
    return bytes
  }

  /// Where the header ends, as the first 8 bytes say.
  ///
  /// - Throws: `FormatError` where no safetensors file begins so.
  package static func headerEnd(_ bytes: [UInt8]) throws(FormatError) -> Int {
    guard bytes.count >= 8 else { throw FormatError("is too short for a header") }
    let length = bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard length <= UInt64(mostHeaderBytes) else {
      throw FormatError("is not a safetensors file (its header would be too long)")
    }
    return 8 + Int(length)
  }

  /// How many bytes the file has whose beginning, up to the header's end, this is.
  ///
  /// - Throws: `FormatError` where the header is damaged, or its tensors do not lie one after the other.
  package static func byteCount(beginning bytes: [UInt8]) throws(FormatError) -> Int {
    let start = try headerEnd(bytes)
    return try start + end(of: header(bytes, end: start))
  }

  private static func header(_ bytes: [UInt8], end: Int) throws(FormatError) -> Header {
    guard end <= bytes.count else {
      throw FormatError(
        "ends within its header: it is cut short or no safetensors file")
    }
    do {
      return try JSONDecoder().decode(Header.self, from: Data(bytes[8..<end]))
    } catch {
      throw FormatError("is not a safetensors file (its header is no valid JSON)")
    }
  }

  /// Where the last tensor ends: they lie one after the other, without gaps, so that no byte is taken twice.
  private static func end(of header: Header) throws(FormatError) -> Int {
    var end = 0
    let inOrder = header.entries.sorted {
      $0.value.offsets.lexicographicallyPrecedes($1.value.offsets)
    }
    for (name, entry) in inOrder {
      guard entry.offsets.count == 2, entry.offsets[0] == end, entry.offsets[1] >= end else {
        throw FormatError("holds '\(name)', which does not begin where the tensor before it ends")
      }
      end = entry.offsets[1]
    }
    return end
  }

  /// Reads a file's bytes; throws `FormatError` where they are damaged or cut short.
  public init(decoding bytes: [UInt8]) throws(FormatError) {
    let start = try Self.headerEnd(bytes)
    let header = try Self.header(bytes, end: start)
    let end = try Self.end(of: header)
    metadata = header.metadata
    tensors = [:]
    let available = bytes.count - start
    for (name, entry) in header.entries {
      tensors[name] = try Self.tensor(name, entry, bytes, start: start, available: available)
    }
    guard end == available else {
      throw FormatError("goes on after its last tensor")
    }
  }

  private static func tensor(
    _ name: String, _ entry: Entry, _ bytes: [UInt8], start: Int, available: Int
  ) throws(FormatError) -> Tensor {
    let type: ElementType
    switch entry.dtype {
    case "F32": type = .float32
    case "BF16": type = .bfloat16
    default: throw FormatError("holds '\(name)' of unsupported type \(entry.dtype)")
    }
    var count = 1
    for size in entry.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow, product <= 1 << 40 else {
        throw FormatError("holds '\(name)' with an impossible shape")
      }
      count = product
    }
    let offsets = entry.offsets
    guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1],
      offsets[1] - offsets[0] == count * type.byteCount
    else { throw FormatError("holds '\(name)' whose place does not fit its shape") }
    guard offsets[1] <= available else {
      throw FormatError("is cut short: '\(name)' lies beyond its end")
    }
    let tensor = Tensor(uninitialized: Shape(entry.shape), type)
    bytes.withUnsafeBytes { source in
      tensor.pointer.copyMemory(
        from: source.baseAddress.unsafelyUnwrapped + start + offsets[0],
        byteCount: count * type.byteCount)
    }
    return tensor
  }
}
