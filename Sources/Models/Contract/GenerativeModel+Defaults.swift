extension GenerativeModel {
  /// Images of every kind, with and without classes.
  public static func check(_ shape: ImageShape, classCount: Int) throws(ModelError) {}

  /// Its score where it has one, else its first objective.
  public var weightSelection: WeightSelection {
    if self is any Scoring { return .score }
    return objectives.first.map { .objective($0.name) } ?? .last
  }
}
