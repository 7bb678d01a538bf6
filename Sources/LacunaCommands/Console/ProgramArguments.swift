import Files

/// The arguments of the process.
enum ProgramArguments {
  /// All but the program's name, bytes that are no text kept as `PathText` keeps them.
  ///
  /// Swift's own put replacement characters in their place: another file would be looked for, or written.
  static let all: [String] = (1..<max(1, Int(CommandLine.argc))).compactMap { place in
    CommandLine.unsafeArgv[place].map { PathText.text($0) }
  }
}
