/// Products of matrices.
extension Tensor {
  /// The matrix product self `[m, k]` times other `[k, n]`; either may be stored transposed.
  ///
  /// - Parameter resultType: the result's element type; by default that of the operands.
  public func multiplied(
    by other: Tensor, transposingSelf: Bool = false, transposingOther: Bool = false,
    resultType: ElementType? = nil
  ) -> Tensor {
    precondition(shape.rank == 2 && other.shape.rank == 2, "\(shape) times \(other.shape)")
    precondition(elementType == other.elementType, "operands of one element type")
    let (rows, inner) = transposingSelf ? (shape[1], shape[0]) : (shape[0], shape[1])
    let (otherInner, columns) =
      transposingOther ? (other.shape[1], other.shape[0]) : (other.shape[0], other.shape[1])
    precondition(inner == otherInner, "\(shape) times \(other.shape)")
    let type = resultType ?? elementType
    let result = Tensor(uninitialized: [rows, columns], type)
    var key = ProductShape(
      rows: rows, columns: columns, inner: inner, aType: elementType, bType: elementType,
      cType: type)
    key.transposeA = transposingSelf
    key.transposeB = transposingOther
    PlanCache.withPlan(.product(key)) { plan in
      plan.run(source: pointer, weights: other.pointer, destination: result.pointer)
    }
    let (selfIsRecorded, otherIsRecorded) = (isRecorded, other.isRecorded)
    return result.recorded(from: [self, other]) { [self] gradient in
      let gradient = gradient.converted(to: elementType)
      func ofSelf() -> Tensor {
        transposingSelf
          ? other.multiplied(
            by: gradient, transposingSelf: transposingOther, transposingOther: true)
          : gradient.multiplied(by: other, transposingOther: !transposingOther)
      }
      func ofOther() -> Tensor {
        transposingOther
          ? gradient.multiplied(by: self, transposingSelf: true, transposingOther: transposingSelf)
          : multiplied(by: gradient, transposingSelf: !transposingSelf)
      }
      return [selfIsRecorded ? ofSelf() : nil, otherIsRecorded ? ofOther() : nil]
    }
  }
}
