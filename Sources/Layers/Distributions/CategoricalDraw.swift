import Platform

/// The index at which the cumulative softmax of `logits / temperature` passes `uniform`.
func categoricalDraw(
  logits: UnsafeBufferPointer<Float>, uniform: Float, temperature: Float
) -> Int {
  let top = logits.max() ?? 0
  let total = logits.reduce(Float(0)) { $0 + expf(($1 - top) / temperature) }
  var left = uniform * total
  for (index, logit) in logits.enumerated() {
    left -= expf((logit - top) / temperature)
    if left < 0 { return index }
  }
  return logits.count - 1
}
