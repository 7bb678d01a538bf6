public import Images
import Models
import Training

/// How chains move about.
public struct ChainReport: Sendable {
  /// Chains, states of each that count, and sweeps before them.
  public let chains: Int, sweeps: Int, burnIn: Int
  /// ρ by lag, from 0.
  public let autocorrelation: [Double]
  /// Sweeps that are worth one independent draw, and whether the chains were long enough to tell; else it is more.
  public let integratedTime: (value: Double, isResolved: Bool)
  /// Independent draws that all states are worth.
  public var effectiveDraws: Double { Double(chains * sweeps) / integratedTime.value }
  /// Seconds that the chains ran, burn-in included.
  public let seconds: Double
  /// Sweeps of all chains a second.
  public var sweepsPerSecond: Double { Double(chains * (sweeps + burnIn)) / max(seconds, 1e-9) }
  /// Independent draws a second, the burn-in not counted.
  public var effectiveDrawsPerSecond: Double { sweepsPerSecond / integratedTime.value }
  /// Which classes the chains visit; nil where nobody told classes.
  public internal(set) var visits: ClassVisits?
  /// What chains look like.
  public let strip: ContactSheet
}
