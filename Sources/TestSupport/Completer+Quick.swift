import Models

extension Completer {
  /// A completer whose filling options are as quick as they declare, for laws that any of them must keep.
  static func quick(_ model: any GenerativeModel) throws(ModelError) -> Completer {
    guard let completing = model as? any Completing else { return try Completer(model) }
    return try Completer(model, options: tinyOptions(of: completing))
  }

  private static func tinyOptions<Model: Completing>(of model: Model) -> [String: String] {
    var options: [String: String] = [:]
    for option in Model.Filling.settings { options[option.name] = option.tiny }
    return options
  }
}
