import Models

/// Why an engine did not do what was asked of it: a door turns it into an exit status, or a status code.
public enum EngineError: Error, CustomStringConvertible, Equatable {
  /// What was given cannot be used.
  case badInput(String)
  /// The model cannot do what is asked.
  case cannot(String)
  /// Somebody asked for a stop; what was done before is kept.
  case interrupted(String)
  /// It would need more memory than there is.
  case outOfMemory(String)

  /// The reason and what to do.
  public var description: String {
    switch self {
    case .badInput(let text), .cannot(let text), .interrupted(let text), .outOfMemory(let text):
      text
    }
  }

  /// The numbers of a model run over: what it says means nothing.
  static func notFinite(_ what: String, _ model: any GenerativeModel) -> EngineError {
    .cannot(
      "'\(type(of: model).card.name)' gives \(what) that are not finite: its weights run over; train it again "
        + "with a lower --learning-rate")
  }
}
