extension Tensor {
  /// Coins that fall on 1 with these probabilities: 1 where the uniform number is less, 0 elsewhere.
  ///
  /// Float32 of the uniforms' shape, and a constant: no gradient flows through a draw.
  ///
  /// - Parameters:
  ///   - probabilities: in 0 ... 1, of the uniforms' shape or one that broadcasts to it.
  ///   - uniforms: float32 in (0, 1), as `RandomSource.uniform` draws them.
  public static func bernoulli(probabilities: Tensor, uniforms: Tensor) -> Tensor {
    uniforms.less(than: probabilities.detached.converted(to: .float32)).detached
  }
}
