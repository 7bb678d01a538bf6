/// What distinguishes one plan from another.
package enum PlanKey: Hashable, Sendable {
  case forward(ConvolutionShape, ElementType, bias: Bool, accumulate: Bool)
  case backwardData(ConvolutionShape, ElementType)
  case backwardWeights(ConvolutionShape, ElementType, bias: Bool)
  case product(ProductShape)
}
