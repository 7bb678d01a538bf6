import Files
import Models
import Platform
import Tensors
import TestSupport
import Testing
import Training

/// Model files that are damaged or foreign.
@Suite struct ModelFileTests {
  private static let kinds = Zoo.models.map { kind in
    let shapes = [4, 2].map { ImageShape(height: 6, width: 5, channels: 1, levels: $0) }
    let shape = shapes.first { (try? kind.check($0, classCount: 2)) != nil } ?? shapes[0]
    return ZooInstance(kind, shape: shape, classCount: 2)
  }

  private static func kind(_ name: String) -> ZooInstance {
    kinds.first { $0.model == name } ?? kinds[0]
  }

  @Test func sayHowManyImagesOfEachClassTaughtThem() throws {
    let instance = try Self.kind("naive-bayes").fresh()
    func counts(_ text: String?) -> [Int]? {
      let training = text.map { ["class_images": $0] } ?? [:]
      return ModelFile(instance: instance, classes: ["a", "b"], training: training).classCounts
    }
    #expect(counts("15 0") == [15, 0])
    for foreign in [nil, "", "15", "1 2 3", "1 -2", "1 two"] { #expect(counts(foreign) == nil) }
  }

  /// A file that is older than a setting means what there was before it.
  @Test(arguments: [
    ("vae", ["decoder": "independent", "prior": "standard"]),
    ("any-order", ["holes": "scattered", "context": "none", "pixels": "absolute"]),
    ("pixelcnn", ["pixels": "absolute"]),
  ])
  func lackNewerSettings(_ name: String, _ former: [String: String]) throws {
    let (folder, bytes) = try written(
      ZooInstance(Self.kind(name).kind, former, shape: Self.kind(name).shape, classCount: 2))
    let end = 8 + bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    var header = String(decoding: bytes[8..<end], as: UTF8.self)
    for setting in former.keys {
      header.replace("\"setting.\(setting)\"", with: "\"unknown.\(setting)\"")
    }
    let path = try folder.write(bytes[..<8] + Array(header.utf8) + bytes[end...], to: "old")
    let texts = try ModelFile(contentsOf: path).model.configuration.texts
    for (setting, value) in former { #expect(texts[setting] == value) }
    let newer = try ModelInstance(named: name, shape: Self.kind(name).shape, classCount: 2)
    for (setting, value) in former { #expect(newer.model.configuration.texts[setting] != value) }
  }

  @Test(arguments: kinds)
  func cutShort(_ zoo: ZooInstance) throws {
    let (folder, bytes) = try written(zoo)
    for part in 0..<20 {
      let path = try folder.write(Array(bytes[..<(bytes.count * part / 20)]), to: "cut")
      let error = #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: path) }
      #expect(error?.description.hasPrefix(path) ?? false)
    }
    let path = try folder.write(Array(bytes.dropLast()), to: "cut")
    #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: path) }
  }

  @Test(arguments: kinds)
  func changedHeaders(_ zoo: ZooInstance) throws {
    let (folder, bytes) = try written(zoo)
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    var refused = 0
    for trial in 0..<600 {
      let draws = RandomSource(seed: 3, purpose: .testing).at(trial).uniforms(6)
      var changed = bytes
      for change in 0...trial % 3 {
        let end = trial % 10 == 0 ? 8 : 8 + length
        changed[Int(draws[2 * change] * Float(end))] = UInt8(draws[2 * change + 1] * 256)
      }
      let path = try folder.write(changed, to: "changed")
      do {
        _ = try ModelFile(contentsOf: path)
      } catch let error as ModelFileError {
        #expect(error.description.hasPrefix(path))
        refused += 1
      }
    }
    #expect(refused > 200)
  }

  @Test func foreign() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FileError.self) { try ModelFile(contentsOf: folder.path("missing")) }
    #expect(throws: FileError.self) { try ModelFile(contentsOf: folder.path) }
    for text in ["", "text", String(repeating: "long text ", count: 100)] {
      let path = try folder.write(text, to: "text")
      #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: path) }
    }
    let plain = try Safetensors(tensors: ["x": Tensor(1)]).encoded()
    let path = try folder.write(plain, to: "plain")
    let error = #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: path) }
    #expect(error?.description.contains("not of a lacuna model") ?? false)
  }

  @Test(arguments: [
    ("format_version", "2", "version 2"), ("model", "nonsense", "nonsense"),
    ("height", "7", "shape"), ("height", "-1", "height"), ("levels", "257", "levels"),
    ("channels", "2", "channels"), ("setting.layers", "999", "layers"),
    ("setting.nonsense", "1", "nonsense"), ("setting.channels", "12", "shape"),
    ("class_count", "5", "shape"), ("class_count", "many", "class_count"),
    ("width", "16384", "shape"), ("setting.layers", "60", "lacks"),
  ])
  func changedMetadata(_ key: String, _ text: String, _ expected: String) throws {
    let kind = key == "height" || key == "width" ? "naive-bayes" : "pixelcnn"
    let (folder, bytes) = try written(Self.kind(kind))
    var file = try Safetensors(decoding: bytes)
    file.metadata[key] = text
    let path = try folder.write(try file.encoded(), to: "changed")
    let error = #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: path) }
    #expect(error?.description.contains(expected) ?? false, "\(error?.description ?? "")")
  }

  /// A file of a few kilobytes that claims images of 800 million values, with a frequency for each of their levels.
  @Test func claimsMoreThanItHolds() throws {
    let (folder, bytes) = try written(Self.kind("naive-bayes"))
    var file = try Safetensors(decoding: bytes)
    for (key, text) in [
      ("height", "16384"), ("width", "16384"), ("channels", "3"), ("levels", "256"),
      ("class_count", "100000"),
    ] { file.metadata[key] = text }
    let path = try folder.write(try file.encoded(), to: "changed")
    let taken = BufferPool.shared.bytesFromSystem
    let error = #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: path) }
    #expect(error?.description.contains("shape") ?? false, "\(error?.description ?? "")")
    #expect(BufferPool.shared.bytesFromSystem - taken < 100_000_000)
  }

  @Test func lacksATensor() throws {
    let (folder, bytes) = try written(Self.kinds[0])
    var file = try Safetensors(decoding: bytes)
    let name = file.tensors.keys.sorted()[0]
    file.tensors["\(name).of-another-name"] = file.tensors.removeValue(forKey: name)
    let path = try folder.write(try file.encoded(), to: "changed")
    let error = #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: path) }
    #expect(error?.description.contains(name) ?? false)
  }

  /// Looked at before they are read: no memory is taken for a file that cannot be a model's.
  @Test func sizesAreCheckedFirst() throws {
    let (folder, bytes) = try written(Self.kinds[0])
    let header = try Safetensors.headerEnd(bytes)
    func refusal(_ bytes: [UInt8], size: Int? = nil) throws -> String {
      let path = try folder.write(bytes, to: "changed")
      if let size { #expect(truncate(path, size) == 0) }
      let taken = BufferPool.shared.bytesFromSystem
      let error = #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: path) }
      #expect(BufferPool.shared.bytesFromSystem - taken < 50_000_000)
      return error?.description ?? ""
    }
    func file(_ header: String, payload: Int) -> [UInt8] {
      withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + header.utf8
        + [UInt8](repeating: 0, count: payload)
    }
    #expect(try refusal([], size: 15 << 40).contains("valid JSON"))
    #expect(try refusal(bytes, size: 15 << 40).contains("goes on after its last tensor"))
    #expect(try refusal(Array(bytes.dropLast(4))).contains("cut short"))
    #expect(try refusal(Array(bytes.prefix(header))).contains("cut short"))
    let huge = #"{"x":{"dtype":"F32","shape":[4000000000000],"data_offsets":[0,16000000000000]}}"#
    #expect(
      try refusal(file(huge, payload: 0), size: 8 + huge.utf8.count + 16_000_000_000_000)
        .contains("memory"))
    // The same bytes for many tensors, and bytes of none.
    let twice = (0..<150).map { #""x\#($0)":{"dtype":"F32","shape":[100],"data_offsets":[0,400]}"# }
    #expect(
      try refusal(file("{" + twice.joined(separator: ",") + "}", payload: 400)).contains("begin"))
    let gap = #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#
    #expect(try refusal(file(gap, payload: 8)).contains("begin"))
    let long = withUnsafeBytes(of: UInt64(100_000_000).littleEndian) { Array($0) }
    #expect(try refusal(long, size: 200_000_000).contains("header would be too long"))
  }

  /// As a training that diverged leaves them, or a damaged copy.
  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func holdsWhatIsNotFinite(_ value: Float) throws {
    let (folder, bytes) = try written(Self.kinds[0])
    var file = try Safetensors(decoding: bytes)
    let name = file.tensors.keys.sorted()[0]
    let tensor = try #require(file.tensors[name])
    var values = tensor.values
    values[values.count - 1] = value
    file.tensors[name] = Tensor(values, shape: tensor.shape)
    let path = try folder.write(try file.encoded(), to: "changed")
    let error = #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: path) }
    #expect(error?.description.contains("'\(name)' with values that are not finite") ?? false)
  }

  private func written(_ zoo: ZooInstance) throws -> (TemporaryFolder, [UInt8]) {
    let folder = try TemporaryFolder()
    let path = folder.path("model.safetensors")
    try ModelFile(instance: try zoo.shaken(), classes: ["a", "b"]).write(to: path)
    return (folder, try FileSystem.readBytes(path))
  }
}
