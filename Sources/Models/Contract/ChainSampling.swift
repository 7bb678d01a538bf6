public import Tensors

/// Draws images by Markov chains, whose states can be looked at one after the other.
public protocol ChainSampling: Sampling {
  /// Sweeps from where a chain begins to the image that `samples` gives; 0 where it begins there.
  var sweepsToSample: Int { get }

  /// Runs a chain for each request, all side by side, on the calling thread.
  ///
  /// A request's state after `sweepsToSample` sweeps is its sample at temperature 1; it depends on that request alone.
  ///
  /// - Parameters:
  ///   - requests: at most `Tiles.size` of them.
  ///   - visit: gets the number of sweeps so far, from 1, and the states, float32 `[requests, height, width, channels]`, levels;
  ///     false ends the chains.
  func runChains(
    _ requests: [SampleRequest], _ pass: Pass, visit: (_ sweep: Int, _ levels: Tensor) -> Bool)
}
