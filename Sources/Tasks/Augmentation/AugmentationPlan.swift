import Files
public import Training

/// How many images are to be drawn of each class.
public struct AugmentationPlan: Sendable {
  /// One class of a plan.
  public struct Class: Sendable, Equatable {
    /// The name of its folder; nil where the images have no classes.
    public let name: String?
    /// Its place among the model's classes; nil for a model without classes, or no class.
    public let label: Int?
    /// Its place among the classes of the data set.
    public let place: Int
    /// The images that there are.
    public let originals: Int
    /// The images to draw.
    public fileprivate(set) var count: Int
    /// What stands between class and number in the names of its files.
    var stem = ImageOrigin.drawn.stem

    /// The places of its images in the data set.
    func members(of dataset: ImageDataset) -> [Int] {
      dataset.labels.indices.filter { name == nil || dataset.labels[$0] == place }
    }

    /// The class in messages.
    public var title: String { name.map { "class '\($0)'" } ?? "the images" }

    /// The path of the n-th image, counted from 1, relative to the output directory.
    public func file(_ number: Int) -> String {
      let digits = "\(number)"
      let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
      guard let name else { return "\(stem)-\(zeros)\(digits).png" }
      return "\(name)/\(name)-\(stem)-\(zeros)\(digits).png"
    }
  }

  /// The classes, in the order of the data set.
  public private(set) var classes: [Class]

  /// The images to draw in all.
  public var total: Int { classes.reduce(0) { $0 + $1.count } }

  /// Shares an amount out.
  ///
  /// - Parameters:
  ///   - modelClasses: the names of the model's classes; none for a model without; nil where no model is asked.
  ///   - path: the directory of the data set, for messages.
  /// - Throws: `TaskError` where the classes asked for are not there, or the model lacks them.
  public init(
    _ options: AugmentationOptions, dataset: ImageDataset, modelClasses: [String]?, path: String
  ) throws {
    guard !dataset.classes.isEmpty else {
      let remedy =
        "name their classes in a table (--labels FILE.csv), or put them into folders named by class"
      if let named = options.classes?.first {
        throw TaskError("--classes \(named): no image of \(path) has a label; \(remedy)")
      }
      guard options.amount != .balance else {
        throw TaskError(
          "--balance: no image of \(path) has a label; \(remedy); --total N draws N images")
      }
      // A number in all does not ask for classes; any other amount is one a class.
      if let modelClasses, !modelClasses.isEmpty, !(options.amount?.isTotal ?? true) {
        throw TaskError(
          "\(path): no image has a label, but the model has the classes "
            + "\(NameList.text(modelClasses)); \(remedy); --total N draws N images of no class")
      }
      let count = Self.counts(options.amount, originals: [dataset.count], largest: dataset.count)
      classes = [
        Class(name: nil, label: nil, place: 0, originals: dataset.count, count: count[0])
      ]
      return
    }
    let places = try Self.places(options.classes, dataset.classes, path)
    for name in places.map({ dataset.classes[$0] }) where !Self.isFolderName(name) {
      throw TaskError(
        "\(path): the class '\(name)' cannot be the name of a folder; give it another name in the "
          + "table, and train the model with that")
    }
    let labels =
      try modelClasses.map {
        try Self.labels(places.map { dataset.classes[$0] }, dataset, $0, path)
      } ?? places
    let sizes = dataset.classCounts
    let originals = places.map { sizes[$0] }
    let counts = Self.counts(
      options.amount, originals: originals, largest: sizes.max() ?? 0)
    classes = places.indices.map { index in
      Class(
        name: dataset.classes[places[index]], label: labels[index], place: places[index],
        originals: originals[index], count: counts[index])
    }
  }

  /// The same plan without images of those classes whose files have an obstacle, which are reported.
  ///
  /// - Parameter obstacle: why no file can be written at a relative path; nil where one can.
  /// - Throws: `TaskError` where nothing is left to draw.
  func leavingOut(
    _ reporter: TaskReporter, _ obstacle: (String) -> String?
  ) throws -> AugmentationPlan {
    var plan = self
    for (place, group) in classes.enumerated() where group.count > 0 {
      // The last file's name is the longest.
      guard let reason = obstacle(group.file(1)) ?? obstacle(group.file(group.count)) else {
        continue
      }
      try reporter.skip("\(group.title): \(reason)")
      plan.classes[place].count = 0
    }
    guard total == 0 || plan.total > 0 else { throw TaskError("no image can be drawn") }
    return plan
  }

  /// The same classes with other numbers of images, that come about in another way.
  func with(_ origin: ImageOrigin, counts: (Class) -> Int) -> AugmentationPlan {
    var plan = self
    for place in plan.classes.indices {
      plan.classes[place].count = counts(plan.classes[place])
      plan.classes[place].stem = origin.stem
    }
    return plan
  }

  /// How many images each class gets, given how many it has.
  package static func counts(
    _ amount: AugmentationOptions.Amount?, originals: [Int], largest: Int
  ) -> [Int] {
    switch amount {
    case nil: originals.map { _ in 0 }
    case .perClass(let count): originals.map { _ in count }
    case .perOriginal(let count): originals.map { count * $0 }
    case .to(let count): originals.map { max(0, count - $0) }
    case .balance: originals.map { max(0, largest - $0) }
    case .total(let total):
      originals.indices.map { place in
        total / originals.count + (place < total % originals.count ? 1 : 0)
      }
    }
  }

  /// Where the classes that were asked for stand in the data set.
  private static func places(
    _ named: [String]?, _ classes: [String], _ path: String
  ) throws -> [Int] {
    guard let named else { return Array(classes.indices) }
    let known = ExactText.places(of: classes)
    for name in named where known[name] == nil {
      throw TaskError(
        "--classes \(name): \(path) has no such class; it has \(classes.joined(separator: ", "))"
          + ExactText.hint(name, among: classes))
    }
    return ExactText.distinct(named).compactMap { known[$0] }.sorted()
  }

  /// Whether a class can be a folder of the output, hidden ones left out; one whose name is too long is left out later.
  private static func isFolderName(_ name: String) -> Bool {
    !name.isEmpty && !name.utf8.contains(UInt8(ascii: "/"))
      && name.utf8.first != UInt8(ascii: ".")
  }

  /// Where classes stand in the model.
  private static func labels(
    _ names: [String], _ dataset: ImageDataset, _ modelClasses: [String], _ path: String
  ) throws -> [Int?] {
    guard !modelClasses.isEmpty else {
      // A model of one class alone needs no label.
      guard dataset.classes.count > 1 else { return names.map { _ in nil } }
      throw TaskError(
        "\(path): has \(dataset.classes.count) classes, but the model was trained without classes "
          + "and cannot draw one of them; train it with these labels, without --unconditional, or "
          + "give the folder of one class alone")
    }
    let known = ExactText.places(of: modelClasses)
    return try names.map { name in
      guard let label = known[name] else {
        throw TaskError(
          "\(path): its class '\(name)' is no class of the model, which has "
            + "\(modelClasses.joined(separator: ", "))\(ExactText.hint(name, among: modelClasses)); "
            + "train a model on these images, or leave it out with --classes")
      }
      return label
    }
  }
}
