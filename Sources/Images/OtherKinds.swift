import Files

/// The images of a directory that are of kinds that are not read, known by their names.
struct OtherKinds {
  /// What their names end with.
  static let endings: [StaticString] = [
    ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".heic", ".heif", ".hif", ".avif", ".jxl",
    ".jp2", ".j2k", ".jpf", ".jpx", ".jxr", ".svg", ".svgz", ".ico", ".cur", ".icns", ".tga",
    ".ppm", ".pgm", ".pbm", ".pnm", ".pam", ".pfm", ".pcx", ".dds", ".qoi", ".exr", ".hdr", ".psd",
    ".xcf", ".apng", ".mng", ".jng", ".wbmp", ".xbm", ".xpm", ".ras", ".sgi", ".fits", ".dcm",
    ".raw", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".pef", ".eps",
  ]

  /// How many files have each of the endings, in the order of these.
  private let counts: [(ending: String, count: Int)]
  /// Class folders without an image that is read, in byte order.
  private let emptyFolders: [String]

  /// What a listing has of them; nil where that is nothing.
  init?(_ listing: DirectoryListing) {
    guard !listing.kindred.isEmpty else { return nil }
    var found: [String: Int] = [:]
    for path in listing.kindred {
      if let ending = NameEnding.first(of: Self.endings, in: path) {
        found["\(ending)", default: 0] += 1
      }
    }
    counts = Self.endings.compactMap { ending in found["\(ending)"].map { ("\(ending)", $0) } }
    let usable = Set(listing.files.compactMap(Self.folder).map(ExactText.init))
    emptyFolders = ExactText.distinct(listing.kindred.compactMap(Self.folder)).filter {
      !usable.contains($0) && $0 != ImageFolder.unlabelledName
    }
  }

  /// Such as "12 files ending in .webp and 1 ending in .gif are no PNG or JPEG; convert them".
  var text: String { "\(subject) no PNG or JPEG; convert \(isOne ? "it" : "them")" }

  /// The same of a directory with other images, and which class folders are without any.
  var remark: String {
    let object = isOne ? "it" : "them"
    let verb = isOne ? "is" : "are"
    let start = "\(subject) no PNG or JPEG and \(verb) left out; convert \(object)"
    guard let first = emptyFolders.first else { return start }
    let named =
      emptyFolders.count == 1
      ? "the folder '\(first)' has no other image and is no class"
      : "the folders \(NameList.text(emptyFolders.map { "'\($0)'" })) have no other image and are "
        + "no classes"
    return "\(start); \(named)"
  }

  private var isOne: Bool { counts.count == 1 && counts[0].count == 1 }

  private var subject: String {
    let parts = counts.enumerated().map { place, entry in
      let noun = place > 0 ? "" : entry.count == 1 ? " file" : " files"
      return "\(entry.count)\(noun) ending in \(entry.ending)"
    }
    let list =
      parts.count == 1
      ? parts[0] : parts.dropLast().joined(separator: ", ") + " and " + (parts.last ?? "")
    return "\(list) \(isOne ? "is" : "are")"
  }

  /// The first folder of a path; nil where it has none.
  private static func folder(_ path: String) -> String? {
    path.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) }
  }
}
