import Files
import TestSupport
import Testing

@Suite("Paths and directories")
struct FileSystemTests {
  @Test(arguments: [
    ("a/b.png", "a", "b.png", "a/b"), ("b.png", ".", "b.png", "b"), ("/b", "/", "b", "/b"),
    ("a.d/b", "a.d", "b", "a.d/b"), ("a//b.tar.gz", "a", "b.tar.gz", "a//b.tar"),
    ("a/.hidden", "a", ".hidden", "a/.hidden"),
  ])
  func splits(_ path: String, _ directory: String, _ name: String, _ stem: String) {
    #expect(FileSystem.directory(of: path) == directory)
    #expect(FileSystem.lastComponent(of: path) == name)
    #expect(FileSystem.withoutExtension(path) == stem)
  }

  @Test func joins() {
    #expect(FileSystem.join("a", "b") == "a/b")
    #expect(FileSystem.join("a/", "b") == "a/b")
    #expect(FileSystem.join("", "b") == "b")
    #expect(FileSystem.directory(of: "a/b/") == "a")
    #expect(FileSystem.lastComponent(of: "a/b/") == "b")
    #expect(FileSystem.directory(of: "/") == "/")
  }

  @Test func createsDirectories() throws {
    let folder = try TemporaryFolder()
    try FileSystem.createDirectory(folder.path("a/b/c"))
    try FileSystem.createDirectory(folder.path("a/b/c"))
    #expect(FileSystem.isDirectory(folder.path("a/b/c")))
    try folder.write("text", to: "file")
    let error = #expect(throws: FileError.self) {
      try FileSystem.createDirectory(folder.path("file/below"))
    }
    #expect(error?.action == .createDirectory)
  }

  @Test func removesFiles() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("text", to: "file")
    #expect(FileSystem.isRegularFile(path))
    try FileSystem.removeFile(path)
    try FileSystem.removeFile(path)
    #expect(!FileSystem.exists(path))
    #expect(throws: FileError.self) { try FileSystem.removeFile(folder.path) }
  }
}
