import Platform

/// The learning rate over a training: a linear warm-up, then half a cosine down to a share of the peak
/// (Loshchilov and Hutter 2017, equation 5, without restarts).
public struct LearningRate: Sendable, Equatable {
  /// The highest rate.
  public var peak: Float
  /// Steps until the peak is reached.
  public var warmupSteps: Int
  /// The last rate as a share of the peak.
  public var floor: Float

  /// A schedule with this peak.
  public init(peak: Float, warmupSteps: Int = 200, floor: Float = 0.01) {
    self.peak = peak
    self.warmupSteps = warmupSteps
    self.floor = floor
  }

  /// The rate of a step, counted from 0, when `progress` of the training in 0...1 is behind.
  public func rate(step: Int, progress: Double) -> Float {
    let warmup = min(1, Float(step + 1) / Float(max(1, warmupSteps)))
    let cosine = 0.5 * (1 + cos(.pi * min(1, max(0, progress))))
    return peak * warmup * (floor + (1 - floor) * Float(cosine))
  }
}
