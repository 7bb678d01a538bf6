/// Why a directory cannot be trained on.
public struct DatasetError: Error, CustomStringConvertible, Equatable {
  /// The path, the reason and what to do.
  public let description: String

  /// An error with this message.
  public init(_ description: String) {
    self.description = description
  }
}
