/// Why a task cannot be done.
public struct TaskError: Error, CustomStringConvertible, Equatable {
  /// The path or option, the reason and what to do.
  public let description: String

  /// An error with this message.
  public init(_ description: String) {
    self.description = description
  }
}
