import Files
import Platform

/// Arguments that are not UTF-8, such as names in older encodings.
///
/// Swift would put replacement characters in their place: another file would be looked for, or
/// written.
enum ForeignArgument {
  /// What the matter is with the first of them; nil where there is none.
  static var objection: String? {
    for place in 1..<max(1, Int(CommandLine.argc)) {
      guard let start = CommandLine.unsafeArgv[place], String(validatingCString: start) == nil
      else { continue }
      let bytes = UnsafeRawBufferPointer(start: start, count: strlen(start))
      return
        "argument \(place), '\(Printable.line(bytes: Array(bytes)))', is not UTF-8; rename what "
        + "it names, such as with convmv, and give the new name"
    }
    return nil
  }
}
