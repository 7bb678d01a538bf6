/// What looks like a mistake in a whole data set, told once with the remedy.
struct DoubtfulImages {
  private let images: [(path: String, image: ReadImage)]

  init(_ images: [(path: String, image: ReadImage)]) {
    self.images = images
  }

  /// The share of images up to which they look like strays among the others.
  private static let strayShare = 0.05
  /// 4095 of 65535, when shown in 8 bits: 12 bits stored in 16 end here.
  private static let highestOfTwelveBits = 16
  /// Folders that hold parts of a data set, not classes.
  private static let parts: Set<String> = [
    "dev", "test", "testing", "train", "training", "val", "valid", "validation",
  ]

  /// What looks like a mistake in the names of classes; nil where nothing does.
  static func warning(ofClasses classes: [String], in path: String) -> String? {
    guard classes.count > 1, classes.allSatisfy({ parts.contains($0.lowercased()) }) else {
      return nil
    }
    return
      "\(path): its folders \(classes.joined(separator: ", ")) are taken for classes; where they are parts of "
      + "a data set, give one of them as the data set and another by --validation-set"
  }

  /// A line each.
  ///
  /// - Parameters:
  ///   - choosesChannels: whether the images decide on grey or colours.
  ///   - choosesLevels: whether they decide on the number of levels.
  func warnings(choosesChannels: Bool, choosesLevels: Bool) -> [String] {
    var warnings: [String] = []
    func tell(_ isStray: (ReadImage) -> Bool, _ consequence: (_ example: String) -> String) {
      let strays = images.filter { isStray($0.image) }
      guard let first = strays.first,
        Double(strays.count) <= Self.strayShare * Double(images.count)
      else { return }
      warnings.append("\(strays.count) of \(images.count) images \(consequence(first.path))")
    }
    if choosesChannels {
      tell({ !$0.isGrey }) {
        "are in colour, such as \($0), so all are learnt as RGB; --channels grey makes them grey"
      }
    }
    if choosesLevels {
      tell({ !$0.isTwoValued }) {
        "have samples between 0 and 255, such as \($0), so all are learnt with 256 levels; --levels 2 makes "
          + "them black and white"
      }
    }
    let highest = images.map(\.image.highest).max() ?? 0
    if highest > 0, highest <= Self.highestOfTwelveBits {
      warnings.append(
        "no sample of any image is above \(highest) of 255: labels or masks rather than pictures, or 12 bits "
          + "stored in 16? Stretch them to 0...255 first")
    }
    return warnings
  }
}
