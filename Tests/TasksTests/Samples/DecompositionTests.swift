import Tasks
import Tensors
import TestSupport
import Testing

/// Eigenvalues, roots and main directions, against NumPy and by what they are.
@Suite struct DecompositionTests {
  private let references: ReferenceArrays

  init() throws { references = try ReferenceArrays("sample_measures") }

  @Test func eigenvaluesAreNumPys() throws {
    let matrix = try references("eigen/matrix")
    let size = matrix.shape[0]
    let numbers = matrix.values.map(Double.init)
    let decomposition = SymmetricDecomposition(numbers, size: size)
    let expected = try references("eigen/values").values
    for (value, expected) in zip(decomposition.values.sorted(), expected) {
      #expect(abs(value - Double(expected)) < 1e-5)
    }
    // A v = λ v, and the vectors are orthonormal.
    for first in 0..<size {
      let vector = decomposition.vectors[first * size..<(first + 1) * size]
      for row in 0..<size {
        let product = zip(numbers[row * size..<(row + 1) * size], vector).reduce(0) {
          $0 + $1.0 * $1.1
        }
        let expected = decomposition.values[first] * vector[first * size + row]
        #expect(abs(product - expected) < 1e-12)
      }
      for second in 0...first {
        let other = decomposition.vectors[second * size..<(second + 1) * size]
        let shared = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(shared - (first == second ? 1 : 0)) < 1e-12)
      }
    }
  }

  /// The root times itself is the matrix: of full rank, of rank 1, of equal eigenvalues, of nothing.
  @Test(arguments: [1, 2, 5])
  func rootsAreRoots(_ size: Int) {
    let random = RandomSource(seed: 3, purpose: .testing).uniforms(size * size).map(Double.init)
    let ones = [Double](repeating: 1, count: size * size)
    let identity = (0..<size * size).map { $0 % (size + 1) == 0 ? 4.0 : 0 }
    let matrices = [
      product(random, transposed(random, size), size), ones, identity,
      ones.map { _ in 0 },
    ]
    for matrix in matrices {
      let root = SymmetricDecomposition(matrix, size: size).squareRoot
      for (value, expected) in zip(product(root, root, size), matrix) {
        #expect(abs(value - expected) < 1e-12)
      }
    }
  }

  @Test func mainDirectionsHoldTheLargestVariances() throws {
    let left = try references("sets/left")
    let width = left.shape[1]
    let rows = FeatureRows(left.values, width: width)
    let components = PrincipalComponents(rows, count: 5)
    #expect(components.count == 5)
    let moments = FeatureMoments(FeatureRows(components.places(left).values, width: 5))
    let expected = try references("sets/variances").values
    for axis in 0..<5 {
      #expect(abs(moments.mean[axis]) < 1e-5)
      #expect(abs(moments.covariance[axis * 6] / Double(expected[axis]) - 1) < 2e-3)
    }
    // As many as there are, of rows that lie in a line.
    let line = FeatureRows((0..<40).flatMap { [Float($0), 2 * Float($0), 0] }, width: 3)
    let places = PrincipalComponents(line, count: 9).places(line.rows(0..<2)).values
    let step = (places[0] - places[3]).magnitude
    #expect(abs(step - Float(5).squareRoot()) < 1e-4 && abs(places[1]) < 1e-3)
  }

  private func product(_ left: [Double], _ right: [Double], _ size: Int) -> [Double] {
    (0..<size * size).map { place in
      (0..<size).reduce(0) {
        $0 + left[place / size * size + $1] * right[$1 * size + place % size]
      }
    }
  }

  private func transposed(_ matrix: [Double], _ size: Int) -> [Double] {
    (0..<size * size).map { matrix[$0 % size * size + $0 / size] }
  }
}
