import Platform

/// log Σ exp(x), without overflow; -infinity where there is nothing to add.
package func logSumExp(_ values: [Double]) -> Double {
  guard let top = values.max(), top > -.infinity else { return -.infinity }
  return top + log(values.reduce(0) { $0 + exp($1 - top) })
}

/// The logarithms shifted so that their exponentials sum to 1.
package func normalizedLogits(_ logits: [Double]) -> [Double] {
  let total = logSumExp(logits)
  return logits.map { $0 - total }
}

/// The index at which the cumulative softmax of `logits` passes `uniform`.
package func drawnIndex(_ logits: [Double], _ uniform: Double) -> Int {
  let total = logSumExp(logits)
  var left = uniform
  for (index, logit) in logits.enumerated() {
    left -= exp(logit - total)
    if left < 0 { return index }
  }
  return logits.lastIndex { $0 > -.infinity } ?? 0
}
