import ArgumentParser
import Tasks

/// How many images each class gets.
struct AmountOptions: ParsableArguments {
  @Option(help: "Draw N images of each class.", value: "N", takes: .number(above: 0))
  var perClass: Int?

  @Option(
    help: "Draw what each class lacks to N images, originals included.", value: "N",
    takes: .number(above: 0))
  var to: Int?

  @Flag(help: "Draw what each class lacks to the size of the largest.")
  var balance = false

  @Option(
    help: "Draw N images for each original of a class.", value: "N", takes: .number(above: 0))
  var perOriginal: Int?

  @Option(help: "Draw N images in all, shared evenly.", value: "N", takes: .number(above: 0))
  var total: Int?

  @Option(
    help: ArgumentHelp(
      "Only these classes, separated by commas (default: all).", valueName: "A,B"))
  var classes: String?

  func validate() throws {
    let given = [
      perClass.map { _ in "--per-class" }, to.map { _ in "--to" }, balance ? "--balance" : nil,
      perOriginal.map { _ in "--per-original" }, total.map { _ in "--total" },
    ].compactMap { $0 }
    if let first = given.first, given.count > 1 {
      throw ValidationError("\(first) and \(given[1]) both say how many images to draw; give one")
    }
    if let classes, names(classes).isEmpty {
      throw ValidationError("--classes takes names separated by commas, not '\(classes)'")
    }
  }

  /// The same for the task; nil where nothing says how many.
  var amount: AugmentationOptions.Amount? {
    if let perClass { return .perClass(perClass) }
    if let to { return .to(to) }
    if let perOriginal { return .perOriginal(perOriginal) }
    if let total { return .total(total) }
    return balance ? .balance : nil
  }

  /// The names of the classes; nil for all.
  var chosen: [String]? { classes.map(names) }

  private func names(_ text: String) -> [String] {
    // By bytes: a comma with a combining mark after it is no character ",".
    text.utf8.split(separator: UInt8(ascii: ",")).map { String(decoding: $0, as: UTF8.self) }
  }
}
