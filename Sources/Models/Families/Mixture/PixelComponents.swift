import Platform
import Tensors

/// Components of a mixture, in each of which every value of an image is independent of the others:
/// p(x | k) = Π_d p(x_d | k).
public struct PixelComponents: Sendable {
  let shape: ImageShape
  let bins: LevelBins
  /// Float32 `[dimensions * bins, components]`: log p(level | component), alike for all levels of a bin.
  let table: Tensor

  /// The number of components.
  var count: Int { table.shape[1] }

  /// log Π p(x_d | k) over the values that `isCounted` names, for every component.
  func logLikelihoods(
    of levels: ArraySlice<Float>, isCounted: (Int) -> Bool = { _ in true }
  ) -> [Double] {
    var rows: [Int32] = []
    rows.reserveCapacity(levels.count)
    for (d, level) in levels.enumerated() where isCounted(d) {
      rows.append(Int32(truncatingIfNeeded: d * bins.count + bins.bin(of: level)))
    }
    return table.summedRows(rows)
  }

  /// Draws a component from its posterior, and from it the values that `isMissing` names.
  ///
  /// - Parameter posterior: log p(k | known values).
  func fill(
    _ levels: inout [Float], isMissing: (Int) -> Bool, posterior: [Double], uniforms: [Float]
  ) {
    let chosen = drawnIndex(posterior, Double(uniforms[0]))
    table.withValues { table in
      for d in levels.indices where isMissing(d) {
        let logits = (0..<bins.count).map { bin in
          Double(table[(d * bins.count + bin) * count + chosen]) + log(Double(bins.width(bin)))
        }
        let bin = drawnIndex(logits, Double(uniforms[2 * d + 1]))
        levels[d] = Float(bins.level(in: bin, at: uniforms[2 * d + 2]))
      }
    }
  }

  /// Draws the values that `isMissing` names one after another, each from its distribution given all before it, raised
  /// to the power of 1 / temperature: what a temperature is for every other model.
  func fill(
    _ levels: inout [Float], isMissing: (Int) -> Bool, posterior: [Double], uniforms: [Float],
    temperature: Double
  ) {
    var posterior = posterior
    table.withValues { table in
      for d in levels.indices where isMissing(d) {
        let conditional = (0..<bins.count).map { bin in
          let row = (d * bins.count + bin) * count
          return logSumExp(posterior.enumerated().map { $1 + Double(table[row + $0]) })
        }
        let logits = conditional.enumerated().map { bin, score in
          score / temperature + log(Double(bins.width(bin)))
        }
        let bin = drawnIndex(logits, Double(uniforms[2 * d + 1]))
        levels[d] = Float(bins.level(in: bin, at: uniforms[2 * d + 2]))
        let row = (d * bins.count + bin) * count
        for k in posterior.indices { posterior[k] += Double(table[row + k]) - conditional[bin] }
      }
    }
  }

  /// E[level | component] of every value, `[dimensions, components]` row after row.
  var means: [Float] {
    table.withValues { table in
      (0..<shape.dimensionCount * count).map { place in
        let (d, k) = (place / count, place % count)
        return (0..<bins.count).reduce(Float(0)) { sum, bin in
          let middle = Float(bins.lowest(bin) + bins.highest(bin)) / 2
          return sum + exp(table[(d * bins.count + bin) * count + k]) * Float(bins.width(bin))
            * middle
        }
      }
    }
  }

  /// The means of the components, weighted; values that are known stay.
  ///
  /// - Parameter posterior: log p(k | known values).
  func mean(
    of means: [Float], posterior: [Double], known levels: [Float], isMissing: (Int) -> Bool
  ) -> [Float] {
    let weights = posterior.map { Float(exp($0)) }
    return levels.enumerated().map { d, level in
      isMissing(d)
        ? weights.enumerated().reduce(0) { $0 + $1.element * means[d * count + $1.offset] } : level
    }
  }
}
