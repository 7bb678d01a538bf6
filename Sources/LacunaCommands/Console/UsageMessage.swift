/// What is said of a command line that cannot be.
enum UsageMessage {
  /// The parser's message of a refused value, in the words of ``Accepted``; others as they are.
  ///
  /// The parser puts what a refusal says into a frame of its own, "The value '0' is invalid for
  /// '--batch <count>': ...", with the option's help after it, and has no way round that. Should the
  /// frame ever change, it stays.
  static func text(_ message: String) -> String {
    guard message.hasPrefix("The value '"),
      let frame = message.ranges(of: "' is invalid for '").last,
      let refusal = message[frame.upperBound...].firstRange(of: "': takes ")
    else { return message }
    let option = message[frame.upperBound..<refusal.lowerBound].prefix { $0 != " " }
    let lines = message[refusal.upperBound...].split(separator: "\n")
    return "\(option) takes "
      + lines.filter { !$0.hasPrefix("Help:  ") }.joined(separator: "\n")
  }
}
