import Files
import Platform
import TestSupport
import Testing

@Suite("One run at a time writes an output")
struct RunLockTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aFileIsLockedWhileTheLockIsHeld() throws {
    let path = folder.path("t.csv")
    var lock: RunLock? = try RunLock(file: path)
    #expect(folder.names() == [".t.csv.lock"])
    for name in ["t.csv", "./t.csv"] {
      #expect {
        _ = try RunLock(file: folder.path(name))
      } throws: {
        "\($0)".contains("is in use by another run")
      }
    }
    withExtendedLifetime(lock) {}
    lock = nil
    #expect(folder.names().isEmpty)
    // What a killed run leaves is no lock.
    try folder.write("", to: ".t.csv.lock")
    lock = try RunLock(file: path)
    lock = nil
    #expect(folder.names().isEmpty)
  }

  @Test func aDirectoryIsLockedWhateverPathLeadsToIt() throws {
    try folder.link("link", to: folder.path("out"))
    let path = folder.path("out")
    var first: OutputDirectory? = try OutputDirectory(path: path, policy: .refuse, inputs: .none)
    for (name, policy) in [
      ("out", OutputDirectory.Policy.refuse), ("out/", .resume), ("link", .overwrite),
      ("out/../out", .overwrite),
    ] {
      #expect {
        _ = try OutputDirectory(path: folder.path(name), policy: policy, inputs: .none)
      } throws: {
        "\($0)".contains("is in use by another run")
      }
    }
    #expect(first?.isEmpty == true)
    first = nil
    #expect(throws: Never.self) {
      try OutputDirectory(path: path, policy: .refuse, inputs: .none)
    }
  }

  @Test(arguments: [200, 201, 250, 255])
  func longNamesAreLockedToo(_ count: Int) throws {
    let path = folder.path(String(repeating: "n", count: count))
    let lock = try RunLock(file: path)
    #expect(throws: OutputError.self) { try RunLock(file: path) }
    let other = try RunLock(file: String(path.dropLast()) + "m")
    withExtendedLifetime((lock, other)) {}
  }
}
