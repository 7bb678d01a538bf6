import Files
import Layers
public import Models
public import Tensors

/// Why a model file cannot be used.
public struct ModelFileError: Error, CustomStringConvertible, Equatable {
  /// The path, the reason and what to do.
  public let description: String

  /// An error about a file.
  public init(_ path: String, _ reason: String) {
    description = "\(path): \(reason)"
  }
}

/// A trained model as a file keeps it: the model, its classes and how it came to be.
public struct ModelFile: Sendable {
  /// The model and its parameters.
  public let instance: ModelInstance
  /// The names of its classes; empty for an unconditional model.
  public let classes: [String]
  /// What else is known of its training, by key: see `Documentation/FileFormat.md`.
  public let training: [String: String]

  /// The version of the file's layout that this build writes and reads.
  public static let formatVersion = "1"

  /// A file's contents.
  public init(instance: ModelInstance, classes: [String], training: [String: String] = [:]) {
    self.instance = instance
    self.classes = classes
    self.training = training
  }

  /// The entry of `training` that holds `binarization`.
  static let binarizationKey = "binarization"

  /// How pixels became two levels, where that was more than a threshold.
  public var binarization: Binarization? {
    training[Self.binarizationKey].flatMap(Binarization.init)
  }

  /// The entry of `training` that holds `classCounts`, one after the other.
  static let classCountsKey = "class_images"

  /// How many labelled images of each class taught the model; nil where the file does not say.
  public var classCounts: [Int]? {
    let counts = training[Self.classCountsKey]?.split(separator: " ").map { Int($0) ?? -1 }
    guard let counts, counts.count == classes.count, counts.allSatisfy({ $0 >= 0 }) else {
      return nil
    }
    return counts
  }

  /// The entry of `training` that says whether every class was seen as often as the others.
  static let classesAreEvenKey = "classes_evenly"

  /// How often each class was seen, by proportion; nil where the file does not say.
  public var classShares: [Int]? {
    training[Self.classesAreEvenKey] == "true" ? classes.map { _ in 1 } : classCounts
  }

  /// The model.
  public var model: any GenerativeModel { instance.model }

  /// The entries of the file's `__metadata__`.
  public var metadata: [String: String] {
    let model = instance.model
    var metadata = [
      "format": "lacuna", "format_version": Self.formatVersion, "model": type(of: model).card.name,
      "height": "\(model.shape.height)", "width": "\(model.shape.width)",
      "channels": "\(model.shape.channels)", "levels": "\(model.shape.levels)",
      "class_count": "\(classes.count)",
    ]
    for (index, name) in classes.enumerated() { metadata["class.\(index)"] = name }
    for (key, text) in model.configuration.texts { metadata["setting.\(key)"] = text }
    for (key, text) in training { metadata["training.\(key)"] = text }
    return metadata
  }

  /// The tensors of the parameters and states, by name.
  public var tensors: [String: Tensor] {
    let parameters = instance.store.parameters.map { ($0.name, $0.value) }
    let states = instance.store.states.map { ($0.name, $0.value) }
    return Dictionary(uniqueKeysWithValues: parameters + states)
  }

  /// Writes the file whole or not at all.
  public func write(to path: String) throws {
    try AtomicFile.write(
      Safetensors(tensors: tensors, metadata: metadata).encoded(), to: path, synchronise: true)
  }

  /// Reads a model; throws `ModelFileError` where the file is damaged, foreign or from a later version.
  public init(contentsOf path: String) throws {
    try self.init(decoding: Self.bytes(of: path), path: path)
  }

  /// The bytes of a file, which is looked at before it is read: no memory is taken for one that cannot be a model's.
  ///
  /// - Throws: `ModelFileError` where its header does not fit its size, or it is larger than the machine's memory.
  public static func bytes(of path: String) throws -> [UInt8] {
    try explaining(path) {
      let end = try Safetensors.headerEnd(FileSystem.readPrefix(path, count: 8).bytes)
      let (head, size) = try FileSystem.readPrefix(path, count: end)
      let expected = try Safetensors.byteCount(beginning: head)
      guard expected <= size else {
        throw Safetensors.FormatError("is cut short: it has \(size) of \(expected) bytes")
      }
      guard expected == size else {
        throw Safetensors.FormatError("goes on after its last tensor")
      }
      guard size <= SystemCalls.physicalMemory else {
        throw ModelFileError(
          path,
          "has \(size >> 20) MB, more than the \(SystemCalls.physicalMemory >> 20) MB of memory")
      }
    }
    return try FileSystem.readBytes(path)
  }

  /// The model of a file's bytes, for those who need the bytes too.
  ///
  /// - Parameter path: where they are from, for messages.
  public init(decoding bytes: [UInt8], path: String) throws {
    try self.init(Self.explaining(path) { try Safetensors(decoding: bytes) }, path: path)
  }

  /// What `body` gives; its format errors with the path and what to do.
  private static func explaining<Result>(_ path: String, _ body: () throws -> Result) throws
    -> Result
  {
    do {
      return try body()
    } catch let error as Safetensors.FormatError {
      throw ModelFileError(path, "\(error); train the model again or copy the file again")
    }
  }

  init(_ file: Safetensors, path: String) throws {
    let metadata = file.metadata
    guard metadata["format"] == "lacuna", let name = metadata["model"] else {
      throw ModelFileError(path, "is a safetensors file, but not of a lacuna model")
    }
    guard metadata["format_version"] == Self.formatVersion else {
      let version = metadata["format_version"] ?? "unknown"
      throw ModelFileError(
        path, "has format version \(version); this lacuna reads version \(Self.formatVersion)")
    }
    func number(_ key: String, _ range: ClosedRange<Int>) throws -> Int {
      guard let text = metadata[key], let value = Int(text), range.contains(value) else {
        throw ModelFileError(path, "has no valid '\(key)' in its metadata")
      }
      return value
    }
    let channels = try number("channels", 1...3)
    guard channels != 2 else { throw ModelFileError(path, "has no valid 'channels'") }
    let shape = ImageShape(
      height: try number("height", 1...16384), width: try number("width", 1...16384),
      channels: channels, levels: try number("levels", 2...256))
    classes = try (0..<number("class_count", 0...100_000)).map {
      metadata["class.\($0)"] ?? "\($0)"
    }
    let settings = Self.entries(of: metadata, below: "setting.")
    do {
      instance = try ModelInstance(
        named: name, settings: settings, shape: shape, classCount: classes.count,
        held: file.tensors.mapValues(\.shape))
    } catch {
      throw ModelFileError(path, error.description)
    }
    training = Self.entries(of: metadata, below: "training.")
    for (name, shape) in instance.store.refused {
      guard let tensor = file.tensors[name] else {
        throw ModelFileError(path, "lacks the parameter '\(name)'")
      }
      throw ModelFileError(
        path, "holds '\(name)' of shape \(tensor.shape), where \(shape) is needed")
    }
    for (name, tensor) in file.tensors.sorted(by: { $0.key < $1.key }) where !tensor.isFinite {
      throw ModelFileError(
        path,
        "holds '\(name)' with values that are not finite, so that it cannot say anything; train "
          + "the model again or copy the file again")
    }
    for parameter in instance.store.parameters {
      if let tensor = file.tensors[parameter.name] { parameter.assign(tensor) }
    }
    for state in instance.store.states {
      if let tensor = file.tensors[state.name] { state.assign(tensor) }
    }
  }

  private static func entries(of metadata: [String: String], below prefix: String) -> [String:
    String]
  {
    var entries: [String: String] = [:]
    for (key, text) in metadata where key.hasPrefix(prefix) {
      entries[String(key.dropFirst(prefix.count))] = text
    }
    return entries
  }
}
