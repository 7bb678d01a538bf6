import Models
import Training

/// Filling options of one model, as requests may give them.
///
/// A command may ask for any number of particles or sweeps; a request that does would keep the compute thread from
/// everybody else. Whole numbers may be at most their default, and where that is 0, at most 100; particles, which the queue
/// counts, four times theirs.
enum FillingBounds {
  /// One option, for listings.
  struct Option: Sendable {
    let name: String
    let range: String
    let standard: String
    let help: String
    /// The largest whole number that a request may give.
    let most: Int?
  }

  /// The options of a model; none where it fills no holes.
  static func options(_ model: any GenerativeModel) -> [Option] {
    (model as? any Completing).map { options(of: $0) } ?? []
  }

  private static func options<Model: Completing>(of model: Model) -> [Option] {
    let defaults = Model.Filling()
    return Model.Filling.settings.map { setting in
      let standard = setting.read(defaults)
      return Option(
        name: setting.name, range: setting.range, standard: standard, help: setting.help,
        most: Int(standard).map { number in
          if number == 0 { return 100 }
          var more = Model.Filling()
          try? setting.write(&more, "\(4 * number)")
          return model.mostImagesDrawn(more) > model.mostImagesDrawn(defaults)
            ? 4 * number : number
        })
    }
  }

  /// Makes sure that options are within their bounds; that they are there at all, the engine says.
  static func check(_ given: [String: String], _ model: ServedModel) throws(Problem) {
    for option in options(model.file.model) {
      guard let text = given[option.name], let most = option.most, let value = Int(text),
        value > most
      else { continue }
      throw .unprocessable(
        "the filling option '\(option.name)' is \(value); a request may give at most \(most)",
        remedy: "give less, or fill with 'lacuna impute', which takes \(option.range)")
    }
  }
}
