import Tensors

/// Parameters cut into pieces, so that threads share them evenly whatever their sizes.
///
/// The pieces depend on the parameters' sizes alone: sums over them have the same bits for any number of threads.
struct ParameterPieces: Sendable {
  /// A part of one parameter.
  struct Piece: Sendable {
    /// Which parameter.
    let parameter: Int
    /// Its elements.
    let range: Range<Int>
  }

  /// Elements of a piece, at most.
  private static let size = 1 << 16

  let pieces: [Piece]

  init(_ parameters: [Parameter]) {
    self.init(counts: parameters.map(\.value.count))
  }

  /// The pieces of parameters of so many elements.
  init(counts: [Int]) {
    pieces = counts.enumerated().flatMap { index, count in
      stride(from: 0, to: count, by: Self.size).map {
        Piece(parameter: index, range: $0..<min(count, $0 + Self.size))
      }
    }
  }

  /// Runs `body` for every piece, side by side.
  func forEach(_ body: @Sendable (Piece) -> Void) {
    ThreadPool.forEach(pieces.count) { body(pieces[$0]) }
  }

  /// The sum of what `body` gives for every piece, added in their order.
  func sum(_ body: @Sendable (Piece) -> Double) -> Double {
    ThreadPool.map(pieces.count) { body(pieces[$0]) }.reduce(0, +)
  }
}
