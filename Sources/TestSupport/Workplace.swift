import Files

/// A folder of a test's own, with the fixtures in it, where commands run.
public struct Workplace: Sendable {
  /// Where commands run.
  public let folder: TemporaryFolder
  /// Runs the built program there.
  public let lacuna: CommandRunner

  /// A fresh folder.
  public init() throws {
    folder = try TemporaryFolder()
    lacuna = CommandRunner(in: folder)
    try folder.link("fixtures", to: FileSystem.join(Self.repository, "fixtures"))
  }

  /// The package's folder.
  public static let repository: String = {
    let tests = FileSystem.directory(of: FileSystem.directory(of: #filePath))
    return FileSystem.directory(of: tests)
  }()

  /// A text of the repository.
  public static func text(_ relativePath: String) throws -> String {
    let path = FileSystem.join(repository, relativePath)
    return String(decoding: try FileSystem.readBytes(path), as: UTF8.self)
  }

  /// The whole path of a file in the folder.
  public func path(_ relativePath: String) -> String { folder.path(relativePath) }

  /// A file of the folder.
  public func bytes(_ relativePath: String) throws -> [UInt8] {
    try FileSystem.readBytes(folder.path(relativePath))
  }

  /// A file of the folder, as text.
  public func text(_ relativePath: String) throws -> String {
    String(decoding: try bytes(relativePath), as: UTF8.self)
  }

  /// Trains naive Bayes on the digits, in a moment.
  @discardableResult
  public func trainNaiveBayes(_ output: String = "nb.safetensors") throws -> CommandRunner.Result {
    try lacuna.run(
      "train", "fixtures/digits", "--model", "naive-bayes", "--output", output, "--quiet")
  }

  /// Trains a small autoencoder of 4 features on the digits, in a moment.
  @discardableResult
  public func trainAutoencoder(_ output: String = "encoder.safetensors") throws
    -> CommandRunner.Result
  {
    try lacuna.run(
      "train", "fixtures/digits", "--model", "autoencoder", "--set", "network=dense", "--set",
      "latent=4", "--set", "hidden=16", "--levels", "17", "--epochs", "1", "--output", output,
      "--quiet")
  }

  /// Arguments that train a tiny PixelCNN, in seconds.
  public func tinyPixelCNN(_ output: String, epochs: Int = 1) -> [String] {
    [
      "train", "fixtures/digits", "--model", "pixelcnn", "--set", "layers=1", "--set",
      "channels=4", "--set", "first-kernel=3", "--levels", "2", "--epochs", "\(epochs)",
      "--output", output,
    ]
  }
}
