import Files
import Images
import TestSupport
import Testing

@Suite("Tables of labels")
struct LabelFileTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for path in ["b/1.png", "b/1.jpg", "b/2.png", "cat/3.png", "_unlabelled/4.png", "é, 5.png"] {
      try folder.write("not decoded here", to: path)
    }
  }

  private func labelled(_ table: String) throws -> [String: String] {
    let path = try folder.write(table, to: "labels.csv")
    let listing = try ImageFolder(path: folder.path).labelled(by: try LabelFile(path: path))
    #expect(listing.entries.count == 6)
    let names = listing.entries.compactMap { entry in
      listing.className(of: entry).map { (entry.relativePath, $0) }
    }
    #expect(Set(names.map(\.1)) == Set(listing.classes))
    return Dictionary(uniqueKeysWithValues: names)
  }

  private func refusal(_ table: String) throws -> String {
    let path = try folder.write(table, to: "labels.csv")
    let error = #expect(throws: LabelFileError.self) {
      try ImageFolder(path: folder.path).labelled(by: try LabelFile(path: path))
    }
    let text = error?.description ?? ""
    #expect(text.hasPrefix(path + ":"))
    return String(text.dropFirst(path.count + 1))
  }

  @Test func labelsCountInPlaceOfFolders() throws {
    #expect(
      try labelled("filename,label\nb/1.png,dog\n_unlabelled/4,ant\n\"é, 5.png\",\"a \"\"b\"\"\"\n")
        == ["b/1.png": "dog", "_unlabelled/4.png": "ant", "é, 5.png": "a \"b\""])
  }

  @Test func classesAreInByteOrder() throws {
    let path = try folder.write("filename,label\nb/2,b\ncat/3,Z\nb/1.png,a\nb/1.jpg,b", to: "l.csv")
    let listing = try ImageFolder(path: folder.path).labelled(by: try LabelFile(path: path))
    #expect(listing.classes == ["Z", "a", "b"])
    #expect(listing.entries.map(\.label) == [nil, 2, 1, 2, 0, nil])
  }

  @Test func headersAndNamesAreTakenAsTheyAreMeant() throws {
    let expected = ["b/2.png": "x", "cat/3.png": "y"]
    for table in [
      "filename,label\r\nb/2.png,x\r\ncat/3.png,y\r\n",
      "label,score,filename\nx,0.5,b/2\n\ny,,cat/3",
      "\u{feff}filename,label\n./b/2.png,x\n./cat/3,y\n",
      "filename,label\nb/2,x\ncat/3,y\nb/1.png,\nb/1.jpg,_unlabelled\n",
    ] {
      #expect(try labelled(table) == expected)
    }
  }

  @Test(arguments: [
    "filename,label\rb/2.png,x\rcat/3.png,y\r",
    "Filename, LABEL \r\n b/2.png , x\t\r\ncat/3.png,y \r\n",
    "\u{feff}filename,label\r\nb/2,x\r\ncat/3,y\r\n\r\n,\r\n ,\t\r\n",
    "\"filename\" , \"label\"\nb/2,\u{a0}x\u{a0}\n\"cat/3\" , \"y\"\n   \n",
  ])
  func tablesOfSpreadsheetsAreTaken(_ table: String) throws {
    #expect(try labelled(table) == ["b/2.png": "x", "cat/3.png": "y"])
  }

  @Test func blanksWithinQuotesCount() throws {
    #expect(try labelled("filename,label\nb/2,\" x\"\n") == ["b/2.png": " x"])
  }

  @Test(arguments: UnicodeForms.pairs)
  func namesAndLabelsAreComparedByBytes(_ one: String, _ other: String) throws {
    let folder = try TemporaryFolder()
    for name in [one, other] { try folder.write("not decoded here", to: "\(name)1.png") }
    let lines = [(one, one), (other, other)].map { "\($0)1.png,\($1)\n" }.joined()
    let path = try folder.write("filename,label\n" + lines, to: "l.csv")
    let listing = try ImageFolder(path: folder.path).labelled(by: LabelFile(path: path))
    #expect(listing.classes.count == 2)
    for entry in listing.entries {
      let name = try #require(listing.className(of: entry))
      #expect(entry.relativePath.isExactly("\(name)1.png"))
    }
    try FileSystem.removeFile(folder.path("\(one)1.png"))
    let error = #expect(throws: LabelFileError.self) {
      try ImageFolder(path: folder.path).labelled(by: LabelFile(path: path))
    }
    #expect(error?.line == 2 && error?.description.contains("Unicode normal form") == true)
  }

  @Test func aWholeNameCountsBeforeOneWithoutExtension() throws {
    try folder.write("not decoded here", to: "b/2.png.png")
    let path = try folder.write("filename,label\nb/2.png,x\nb/2.png.png,y\n", to: "l.csv")
    let listing = try ImageFolder(path: folder.path).labelled(by: try LabelFile(path: path))
    let entries = listing.entries.filter { $0.label != nil }
    #expect(entries.map(\.relativePath) == ["b/2.png", "b/2.png.png"])
    #expect(entries.map(\.label) == [0, 1])
  }

  @Test(arguments: [
    ("", " is empty; its first line must be filename,label"),
    ("filename,label\n", " labels no image"),
    ("filename,label\nb/2,\n", " labels no image"),
    ("file,label\nb/2,x\n", "1: lacks the column 'filename'"),
    ("\n\nfilename;label\n", "3: its fields are separated by semicolons"),
    ("filename\tlabel\nb/2\tx\n", "1: its fields are separated by tabs"),
    ("\"filename\";\"label\"\n", "1: its fields are separated by semicolons"),
    ("f\0i\0l\0e\0", "1: is not UTF-8 but UTF-16"),
    ("filename,label,label\nb/2,x,y\n", "1: the header has two columns 'label'"),
    ("filename,class\nb/2,x\n", "1: lacks the column 'label'"),
    ("filename,label\nb/2,x\ncat/3\n", "3: its number of fields is 1, that of the header 2"),
    ("filename,label\né, 5.png,x\n", "2: its number of fields is 3"),
    ("filename,label\nb/2,x\ncat/3,\"y\n", "3: a quoted field does not end"),
    ("filename,label\nb/2,x\nc/3,y\n", "3: 'c/3' is no image of "),
    ("filename,label\nb/1,x\n", "2: 'b/1' may be one of several images"),
    ("filename,label\nb/2,x\nb/2.png,x\n", "3: 'b/2.png' is the image of line 2 again"),
  ])
  func refusals(_ table: String, _ expected: String) throws {
    let text = try refusal(table)
    #expect(text.hasPrefix(expected), "\(text)")
  }

  @Test func whatIsNoTextIsRefused() throws {
    let path = try folder.write([0x66, 0xff, 0x0a] as [UInt8], to: "labels.csv")
    let error = #expect(throws: LabelFileError.self) { try LabelFile(path: path) }
    #expect(error?.description == "\(path):1: is not UTF-8 text; save it as UTF-8")
    #expect(throws: FileError.self) { try LabelFile(path: folder.path("missing.csv")) }
    #expect(throws: FileError.self) { try LabelFile(path: folder.path) }
  }
}
