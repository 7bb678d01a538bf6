import Images
import TestSupport
import Testing

@Suite("Directories of images")
struct ImageFolderTests {
  private func folder(_ paths: [String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for path in paths { try folder.write("not decoded here", to: path) }
    return folder
  }

  @Test func labelsByTheFirstFolder() throws {
    let folder = try folder([
      "dog/2.png", "cat/deep/er/1.JPG", "cat/1.jpeg", "dog/10.Png", "loose.png",
      "_unlabelled/x.png", "empty/readme.txt", ".hidden/1.png", "cat/.2.png", "cat/notes.txt",
      "cat/png", "cat/x.png.txt",
    ])
    let listing = try ImageFolder(path: folder.path)
    #expect(listing.classes == ["cat", "dog"])
    #expect(
      listing.entries.map(\.relativePath) == [
        "_unlabelled/x.png", "cat/1.jpeg", "cat/deep/er/1.JPG", "dog/10.Png", "dog/2.png",
        "loose.png",
      ])
    #expect(listing.entries.map(\.label) == [nil, 0, 0, 1, 1, nil])
    #expect(listing.problems.isEmpty)
    #expect(listing.path(of: listing.entries[1]) == folder.path("cat/1.jpeg"))
    #expect(listing.className(of: listing.entries[4]) == "dog")
  }

  @Test func aFlatDirectoryIsUnlabelled() throws {
    let folder = try folder(["b.png", "a.png", "B.png"])
    let listing = try ImageFolder(path: folder.path)
    #expect(!listing.isLabelled)
    #expect(listing.entries.map(\.relativePath) == ["B.png", "a.png", "b.png"])
  }

  @Test func orderIsThatOfBytes() throws {
    // "a-b/" comes before "a/" as a path, but "a" before "a-b" as a class.
    let paths = ["a/1.png", "a-b/1.png", "é/1.png", "Z/1.png", "z/1.png", "10/1.png", "9/1.png"]
    let folder = try folder(paths)
    let listing = try ImageFolder(path: folder.path)
    #expect(listing.classes == ["10", "9", "Z", "a", "a-b", "z", "é"])
    #expect(
      listing.entries.map(\.relativePath) == [
        "10/1.png", "9/1.png", "Z/1.png", "a-b/1.png", "a/1.png", "z/1.png", "é/1.png",
      ])
    for entry in listing.entries {
      let name = try #require(listing.className(of: entry))
      #expect(entry.relativePath.hasPrefix(name + "/"))
    }
  }

  @Test func followsLinksAndSurvivesLoops() throws {
    let outside = try folder(["1.png", "sub/2.png"])
    let folder = try folder(["a/1.png", "b/1.png"])
    try folder.link("a/loop", to: folder.path)
    try folder.link("a/self", to: ".")
    try folder.link("a/to-b", to: folder.path("b"))
    try folder.link("b/to-a", to: folder.path("a"))
    try folder.link("linked", to: outside.path)
    try folder.link("b/file.png", to: outside.path("1.png"))
    try folder.link("b/endless.png", to: folder.path("b/endless.png"))
    try folder.link("b/broken.png", to: "nowhere.png")
    let listing = try ImageFolder(path: folder.path)
    #expect(
      listing.entries.map(\.relativePath) == [
        "a/1.png", "b/1.png", "b/file.png", "linked/1.png", "linked/sub/2.png",
      ])
    #expect(listing.classes == ["a", "b", "linked"])
    #expect(
      listing.problems.map(\.path) == [
        folder.path("b/broken.png"), folder.path("b/endless.png"),
      ])
  }

  @Test func aWebOfLinksEnds() throws {
    let folder = try TemporaryFolder()
    for level in 0..<30 {
      try folder.write("x", to: "\(level)/1.png")
      for link in 0..<30 { try folder.link("\(level)/to\(link)", to: folder.path("\(link)")) }
    }
    #expect(try ImageFolder(path: folder.path).entries.count == 30)
  }

  @Test func everyEndingOfJPEGIsTaken() throws {
    let names = ["1.jfif", "2.JFIF", "3.jpe", "4.Jpe", "5.pjpeg", "6.PJP", "7.jif", "8.jfi"]
    let folder = try folder(names)
    let listing = try ImageFolder(path: folder.path)
    #expect(listing.entries.map(\.relativePath) == names)
    #expect(listing.problems.isEmpty)
  }

  @Test func imagesOfOtherKindsAreCountedByTheirEndings() throws {
    let folder = try folder([
      "cat/1.png", "cat/2.webp", "cat/3.WebP", "dog/1.gif", "dog/deep/2.TIFF", "bird/1.heic",
      "_unlabelled/1.bmp", "top.avif", "notes.txt", "webp", ".hidden.webp", "x.webp.txt",
    ])
    try folder.link("cat/link.webp", to: folder.path("cat/2.webp"))
    let listing = try ImageFolder(path: folder.path)
    #expect(listing.classes == ["cat"] && listing.entries.count == 1)
    #expect(
      listing.problems.map(\.description) == [
        "\(folder.path): 3 files ending in .webp, 1 ending in .gif, 1 ending in .bmp, 1 ending in "
          + ".tiff, 1 ending in .heic and 1 ending in .avif are no PNG or JPEG and are left out; "
          + "convert them; the folders 'bird', 'dog' have no other image and are no classes"
      ])
  }

  @Test func oneFileOfAnotherKind() throws {
    let folder = try folder(["a/1.png", "a/2.jxl"])
    #expect(
      try ImageFolder(path: folder.path).problems.map(\.explanation)
        == ["1 file ending in .jxl is no PNG or JPEG and is left out; convert it"])
    let alone = try self.folder(["a/1.svg", "b/2.webp"])
    let error = #expect(throws: ImageFolderError.self) { try ImageFolder(path: alone.path) }
    #expect(
      error?.description == "\(alone.path): no images; 1 file ending in .webp and 1 ending in .svg "
        + "are no PNG or JPEG; convert them")
  }

  @Test func takesASingleFile() throws {
    let folder = try folder(["cat/picture.dat"])
    let listing = try ImageFolder(path: folder.path("cat/picture.dat"))
    #expect(listing.root == folder.path("cat"))
    #expect(listing.entries == [.init(relativePath: "picture.dat", label: nil)])
    #expect(listing.path(of: listing.entries[0]) == folder.path("cat/picture.dat"))
  }

  @Test func refusesWhatHoldsNoImages() throws {
    let folder = try folder(["text.txt", "deep/er/text.txt"])
    func reason(_ path: String) -> ImageFolderError.Reason? {
      #expect(throws: ImageFolderError.self) { try ImageFolder(path: path) }?.reason
    }
    #expect(reason(folder.path) == .noImages)
    #expect(reason(folder.path("missing")) == .missing("No such file or directory"))
    #expect(reason("/dev/null") == .notADirectory)
  }
}
