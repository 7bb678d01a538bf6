import Tensors

/// One step of long short-term memory, as `convolutionalMemory` makes them (Hochreiter and Schmidhuber 1997; the forget gate raised by one).
///
/// - Parameters:
///   - gates: the sums of i, f, o and g, float32 `[images, 4 * units]`.
///   - cell: that of the step before, float32 `[images, units]`.
func longShortTermStep(gates: Tensor, cell: Tensor) -> (state: Tensor, cell: Tensor) {
  let parts = gates.split(into: 4, axis: 1)
  let present = (parts[1] + 1).sigmoid() * cell + parts[0].sigmoid() * parts[3].tanh()
  return (parts[2].sigmoid() * present.tanh(), present)
}
