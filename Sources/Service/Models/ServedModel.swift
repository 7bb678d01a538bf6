import Files
import HTTPTypes
import Models
import Synchronization
import Training

/// A model that is served, under a name.
final class ServedModel: Sendable {
  /// What requests call it.
  let name: String
  let file: ModelFile
  /// The SHA-256 of its file.
  let digest: String

  init(name: String, _ file: ModelFile, digest: String) {
    self.name = name
    self.file = file
    self.digest = digest
  }

  /// What it can do, in the words of listings.
  var capabilities: [String] { Zoo.capabilities(of: type(of: file.model)) }

  /// The place of a class of this name.
  ///
  /// - Throws: `Problem` that lists those it has.
  func label(_ name: String?) throws(Problem) -> Int? {
    guard let name else { return nil }
    let known = ExactText(name)
    guard let place = file.classes.firstIndex(where: { ExactText($0) == known }) else {
      let classes = file.classes.isEmpty ? "none" : file.classes.prefix(50).joined(separator: ", ")
      throw .unprocessable(
        "'\(name.prefix(100))' is no class of the model '\(self.name)'",
        remedy: "leave it out, or name one that it has: \(classes)")
    }
    return place
  }
}

extension ServedModel: Hashable {
  /// The same model of the same reading of its file.
  static func == (left: ServedModel, right: ServedModel) -> Bool { left === right }

  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// The models that are served: read at the start, and anew on SIGHUP.
final class ModelShelf: Sendable {
  private let paths: [String]
  private let models: Mutex<[ServedModel]>

  /// Reads the models; each is called as its file, without extension.
  ///
  /// - Throws: `ModelFileError` where one cannot be read, or two have one name.
  init(_ paths: [String]) throws {
    self.paths = paths
    models = Mutex(try Self.read(paths))
  }

  /// All of them; the first is the one that requests mean which name none.
  var all: [ServedModel] { models.withLock { $0 } }

  /// Reads them anew: all change, or none does.
  ///
  /// Requests that wait keep the model that they came for.
  func reload() throws {
    let read = try Self.read(paths)
    models.withLock { $0 = read }
  }

  /// The model of this name, or the first.
  func model(_ name: String?) throws(Problem) -> ServedModel {
    let all = all
    guard let name else {
      guard let first = all.first else { throw .closing }
      return first
    }
    guard let model = all.first(where: { ExactText($0.name) == ExactText(name) }) else {
      throw Problem(
        .notFound, "there is no model '\(name.prefix(100))'",
        remedy: "name one of: \(all.map(\.name).joined(separator: ", "))")
    }
    return model
  }

  private static func read(_ paths: [String]) throws -> [ServedModel] {
    var taken: [ExactText: String] = [:]
    return try paths.map { path in
      let name = FileSystem.withoutExtension(FileSystem.lastComponent(of: path))
      if let other = taken.updateValue(path, forKey: ExactText(name)) {
        throw ModelFileError(path, "would be served as '\(name)', as \(other) is; rename one")
      }
      let bytes = try ModelFile.bytes(of: path)
      return ServedModel(
        name: name, try ModelFile(decoding: bytes, path: path),
        digest: SHA256.hexadecimal(of: bytes))
    }
  }
}
