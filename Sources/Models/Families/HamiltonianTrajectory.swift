import Tensors

/// A trajectory of every row by Hamilton's equations, in leapfrog steps (Neal 2011, MCMC Using Hamiltonian Dynamics, section 2.3).
struct HamiltonianTrajectory<Place> {
  /// Where the rows are at its end.
  let positions: Tensor
  /// What `slope` said of that.
  let end: Place
  /// What the rows lost of kinetic energy on the way, one number a row.
  let kinetic: [Float]

  /// Goes from some rows.
  ///
  /// - Parameters:
  ///   - positions: float32 `[rows, coordinates]`.
  ///   - start: what `slope` says of these.
  ///   - momentum: standard normal numbers of the same shape.
  ///   - stepSizes: one for each row.
  ///   - deviations: how far each coordinate goes in a step, as to the others, of the shape of the rows; nil: equally.
  ///   - slope: the gradient of the logarithm of the density at some rows, by coordinates in units of their deviations, and what else is to
  ///     be known of them.
  init(
    from positions: Tensor, _ start: (gradient: Tensor, place: Place), momentum: Tensor,
    stepSizes: [Float], steps: Int, deviations: Tensor? = nil,
    slope: (Tensor) -> (gradient: Tensor, place: Place)
  ) {
    let step = Tensor(stepSizes, shape: [stepSizes.count, 1])
    var (speed, moved, present) = (momentum, positions, start)
    for _ in 0..<steps {
      speed = speed + present.gradient * step * 0.5
      let way = speed * step
      moved = moved + (deviations.map { way * $0 } ?? way)
      present = slope(moved)
      speed = speed + present.gradient * step * 0.5
    }
    self.positions = moved
    end = present.place
    kinetic = (momentum.squared() - speed.squared()).sum(axis: 1).values.map { 0.5 * $0 }
  }
}
