/// Why a model cannot be made, or cannot do what is asked of it.
public struct ModelError: Error, CustomStringConvertible, Equatable {
  /// The reason and what to do.
  public let description: String

  /// An error with this message.
  public init(_ description: String) {
    self.description = description
  }
}
