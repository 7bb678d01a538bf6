/// Why an output cannot be written where it shall be, or not gone on with.
public struct OutputError: Error, CustomStringConvertible, Equatable {
  /// The path, the reason and what to do.
  public let description: String

  /// An error with this message.
  public init(_ description: String) {
    self.description = description
  }
}
