import Models

/// Whether what a model says are numbers; weights that run over give others.
extension Sample {
  var isFinite: Bool {
    levels.allSatisfy(\.isFinite) && logLikelihood?.isLikelihood ?? true
  }
}

extension Completion {
  var isFinite: Bool { levels.allSatisfy(\.isFinite) && logLikelihood.isLikelihood }
}

extension Double {
  /// Whether it can be a log-likelihood: that something is impossible may be said.
  var isLikelihood: Bool { self < .infinity }
}
