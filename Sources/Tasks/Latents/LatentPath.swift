import Platform
import Tensors

/// A way between two points of a latent space.
public enum LatentPath: String, Sendable, CaseIterable {
  /// A straight line.
  case linear
  /// Along a great circle, the length going evenly from one's to the other's: every point is about as far from the
  /// origin as draws from a normal prior are (White 2016, Sampling Generative Networks, section 2.1).
  case spherical

  /// `count` points, the first and the last being the ends.
  public func points(from start: [Float], to end: [Float], count: Int) -> [[Float]] {
    precondition(start.count == end.count && count >= 2, "a way has two ends")
    return (0..<count).map { step in
      let share = Float(step) / Float(count - 1)
      let (first, second) = weights(start, end, share)
      return zip(start, end).map { $0 * first + $1 * second }
    }
  }

  private func weights(_ start: [Float], _ end: [Float], _ share: Float) -> (Float, Float) {
    let straight = (1 - share, share)
    guard self == .spherical else { return straight }
    func norm(_ vector: [Float]) -> Float { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let (startNorm, endNorm) = (norm(start), norm(end))
    guard startNorm > 0, endNorm > 0 else { return straight }
    let product = zip(start, end).reduce(Float(0)) { $0 + $1.0 * $1.1 }
    let angle = acosf(min(1, max(-1, product / (startNorm * endNorm))))
    // Along or against each other there is no one great circle.
    guard sinf(angle) > 1e-4 else { return straight }
    let length = startNorm * (1 - share) + endNorm * share
    return (
      sinf((1 - share) * angle) / sinf(angle) * length / startNorm,
      sinf(share * angle) / sinf(angle) * length / endNorm
    )
  }
}
