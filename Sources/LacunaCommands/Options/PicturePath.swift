import ArgumentParser
import Files
import Images
import Tasks

/// Where a picture goes that is drawn besides the results.
struct PicturePath: ExpressibleByArgument {
  /// The path as it was given.
  let path: String

  init?(argument: String) { path = argument }

  /// Finds what is wrong before anything is computed.
  func check() throws {
    guard FileSystem.isDirectory(FileSystem.directory(of: path)) else {
      throw TaskError("\(path): its directory does not exist; create it first")
    }
  }

  /// Writes the picture.
  func write(_ image: Image) throws { try ImageFile.write(image, to: path) }
}
