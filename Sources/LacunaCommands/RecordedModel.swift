import Files
import Images
import Tasks
import Training

/// A model file with what records of a run say of it, from one reading.
struct RecordedModel {
  /// The path as it was given.
  let path: String
  /// The model.
  let file: ModelFile
  /// The file's SHA-256, hexadecimal.
  let digest: String
  /// The file's size.
  let byteCount: Int

  /// Reads a file.
  init(contentsOf path: String) throws {
    let bytes = try ModelFile.bytes(of: path)
    self.path = path
    file = try ModelFile(decoding: bytes, path: path)
    digest = SHA256.hexadecimal(of: bytes)
    byteCount = bytes.count
  }
}

extension RunRecord {
  /// The record of this process's work.
  ///
  /// - Parameter reads: text that is equal where a resumed run reads the same as the one before.
  init(_ model: RecordedModel, seed: UInt64, reads: String) {
    self.init([model], seed: seed, reads: reads)
  }

  /// The record of work with the first of these models, and with the help of the others.
  init(_ models: [RecordedModel], seed: UInt64, reads: String) {
    // A run that was resumed shall leave the bytes of one that was not.
    let command = ProgramArguments.all.filter {
      !["--resume", "--overwrite"].contains($0)
    }
    self.init(
      command: command, seed: seed, model: models.first?.path,
      modelDigest: models.map(\.digest).joined(separator: " "), identity: reads)
  }
}
