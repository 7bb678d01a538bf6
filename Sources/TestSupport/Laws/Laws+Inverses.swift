import Models
import Platform
import Tensors

extension Laws {
  /// Images come back from their encodings: to rounding in float32, as the same levels in the fastest type.
  public static func decodingsInvertEncodings(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken().model as? any Invertible else { return ["no inverse"] }
    let batch = zoo.batch(9, seed: 44, unknownLabels: true)
    return precisions.flatMap { precision -> [String] in
      let encodings = model.encodings(batch, Pass(precision)).means
      let decodings = model.decodings(encodings, labels: batch.labels, Pass(precision))
      let differences = zip(decodings.values, batch.levels.values).map { $0 - $1 }
      let distance = largest(differences)
      let allowed = precision == .float32 ? Float(zoo.shape.levels) * 1e-5 : 0.5
      return distance < allowed ? [] : ["levels come back \(distance) away (\(precision))"]
    }
  }

  /// The logarithm of the determinant is that of the inverse's Jacobian by finite differences, turned round.
  public static func determinantIsThatOfJacobian(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken().model as? any Invertible else { return ["no inverse"] }
    let (count, top) = (zoo.shape.dimensionCount, zoo.shape.levels - 1)
    guard model.latentCount == count else {
      return ["\(model.latentCount) coordinates for \(count) values"]
    }
    // Decodings stay within the range of levels: images need room on both sides.
    let batch = zoo.batch(2, seed: 45)
    let inner = ImageBatch(
      levels: batch.levels.clamped(1, Float(top - 1)), labels: batch.labels)
    let determinants = model.logDeterminants(inner, Pass())
    let encodings = model.encodings(inner, Pass()).means
    return (0..<2).compactMap { image -> String? in
      let point = encodings.sliced(image..<image + 1, axis: 0).values
      let step: Float = 1 / 256
      let moved = (0..<2 * count).flatMap { row -> [Float] in
        var other = point
        other[row / 2] += row.isMultiple(of: 2) ? step : -step
        return other
      }
      let images = model.decodings(
        Tensor(moved, shape: [2 * count, count]),
        labels: [Int?](repeating: batch.labels[image], count: 2 * count), Pass()
      ).values.map { Double($0) }
      let slopes = (0..<count).map { coordinate in
        (0..<count).map { value in
          (images[2 * coordinate * count + value] - images[(2 * coordinate + 1) * count + value])
            / (2 * Double(step))
        }
      }
      let expected = -Matrix.logDeterminant(slopes)
      // Each coordinate adds its own rounding; a factor that is forgotten is far more.
      return abs(determinants[image] - expected) < 0.005 * Double(count)
        ? nil : "image \(image): \(determinants[image]), by differences \(expected)"
    }
  }
}
