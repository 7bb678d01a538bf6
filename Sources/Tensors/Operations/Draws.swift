import CKernels

/// Drawing zeros and ones, each row by numbers of its own, so that a row does not depend on its company.
///
/// No gradient flows through what is drawn.
extension Tensor {
  /// Independent draws: 1 with the probability sigmoid(value), else 0; float32 `[rows, n]`.
  ///
  /// - Parameters:
  ///   - random: the numbers of each row.
  ///   - first: the draw of a row that decides its first value.
  public func bernoulli(_ random: [RandomSource], from first: Int) -> Tensor {
    precondition(shape.rank == 2 && shape[0] == random.count, "numbers for each row of \(shape)")
    let (probabilities, size) = (converted(to: .float32).detached.sigmoid(), shape[1])
    return Tensor(shape: shape) { buffer in
      guard let base = buffer.baseAddress else { return }
      probabilities.withValues { probabilities in
        for (row, random) in random.enumerated() {
          kernels_uniform(
            random.seed, random.purpose.rawValue, random.index, UInt64(first), Int64(size),
            base + row * size)
        }
        for i in buffer.indices { buffer[i] = buffer[i] < probabilities[i] ? 1 : 0 }
      }
    }
  }

  /// One of each row's places, drawn with the probabilities softmax(row), is 1, the others are 0; float32 `[rows, n]`.
  ///
  /// - Parameters:
  ///   - random: the numbers of each row.
  ///   - draw: the draw of a row that decides.
  public func categorical(_ random: [RandomSource], draw: Int) -> Tensor {
    precondition(shape.rank == 2 && shape[0] == random.count, "numbers for each row of \(shape)")
    let (probabilities, size) = (converted(to: .float32).detached.softmax(), shape[1])
    return Tensor(shape: shape) { buffer in
      buffer.update(repeating: 0)
      probabilities.withValues { probabilities in
        for (row, random) in random.enumerated() {
          var (place, rest) = (row * size, random.uniform(draw))
          while place < (row + 1) * size - 1, rest >= probabilities[place] {
            rest -= probabilities[place]
            place += 1
          }
          buffer[place] = 1
        }
      }
    }
  }
}
