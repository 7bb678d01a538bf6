public import Tensors

/// Images that are computed together, a tile a thread.
///
/// A product's rounding can depend on its number of rows, and an image's bytes must not depend on its company: a network
/// always sees `size` rows, the last ones copies of the first where there are fewer; or as many as ``rows(for:)`` says, where it
/// was tried that bytes do not change.
public enum Tiles {
  /// Images of a tile.
  public static let size = 64

  /// Images of the smallest tile that any model computes; see ``rows(for:)``.
  public static let smallest = 16

  /// Rows of the smallest tile that holds so many images, where a model has tiles of fewer rows: 16, 32 or 64.
  public static func rows(for images: Int) -> Int {
    images <= smallest ? smallest : images <= 2 * smallest ? 2 * smallest : size
  }

  /// The images of each tile, so that all threads have some.
  ///
  /// - Parameter least: images of the smallest tile that the model computes in less time than a full one.
  public static func ranges(
    of images: Int, least: Int, threads: Int = ThreadPool.threads
  ) -> [Range<Int>] {
    let useful = max(1, min(threads, (images + least - 1) / least))
    let each = (images + useful - 1) / useful
    let length = max(least, min(size, (each + least - 1) / least * least))
    return stride(from: 0, to: images, by: length).map {
      $0..<min(images, $0 + length)
    }
  }

  /// Of so many images that wait, those to compute now, so that threads do the most in their time: a few of them may wait
  /// for others, where a larger tile would be computed for them.
  ///
  /// A tile takes time for its rows and, once, for about eight more.
  public static func mostWorthwhile(of images: Int, least: Int, threads: Int) -> Int {
    let choices = [images] + [smallest, 2 * smallest].map { threads * $0 }
    func worth(_ images: Int) -> Double {
      let largest = ranges(of: images, least: least, threads: threads).map(\.count).max() ?? 0
      return Double(images) / Double((largest <= least ? least : rows(for: largest)) + 8)
    }
    return choices.filter { $0 <= images }.max { worth($0) < worth($1) } ?? images
  }

  /// The number of tiles that so many images take.
  public static func count(_ images: Int) -> Int { (images + size - 1) / size }

  /// The images of a tile among so many.
  public static func range(_ tile: Int, of images: Int) -> Range<Int> {
    tile * size..<min(images, (tile + 1) * size)
  }

  /// The labels of at most a tile of images, and of the padding none.
  static func padded(_ labels: [Int?]) -> [Int?] {
    labels + [Int?](repeating: nil, count: size - labels.count)
  }

  /// The results of every item, in order; `body` gets the items of one tile and gives as many results.
  ///
  /// - Parameter least: images of the smallest tile that `body` computes in less time than a full one.
  public static func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], least: Int = size, _ body: @Sendable (Tile<Item>) -> [Result]
  ) -> [Result] {
    let ranges = ranges(of: items.count, least: least)
    return ThreadPool.map(ranges.count) { number in
      let range = ranges[number]
      let results = body(Tile(items: Array(items[range]), range: range))
      precondition(results.count == range.count, "\(results.count) results for \(range.count)")
      return results
    }.flatMap { $0 }
  }
}

extension Tiles {
  /// A row of numbers for every item, in order: `body` gives a tensor with a row for each of a tile's padded items.
  static func rows<Item: Sendable>(
    of items: [Item], _ body: @Sendable (Tile<Item>) -> Tensor
  ) -> Tensor {
    let parts = ThreadPool.map(count(items.count)) { number in
      let range = range(number, of: items.count)
      return body(Tile(items: Array(items[range]), range: range)).sliced(0..<range.count, axis: 0)
    }
    return .concatenated(parts, axis: 0)
  }
}

/// The items of one tile.
public struct Tile<Item: Sendable>: Sendable {
  /// Those that count, at least one.
  public let items: [Item]
  /// Their places among all.
  public let range: Range<Int>

  /// As many as a tile holds, the first one again after the last.
  public var padded: [Item] {
    items + [Item](repeating: items[0], count: Tiles.size - items.count)
  }

  /// The rows of a tensor that belong to the padded items.
  ///
  /// - Parameter all: a row for each of all items.
  public func paddedRows(of all: Tensor) -> Tensor {
    let first = all.sliced(range.lowerBound..<range.lowerBound + 1, axis: 0)
    let padding = [Tensor](repeating: first, count: Tiles.size - range.count)
    return .concatenated([all.sliced(range, axis: 0)] + padding, axis: 0)
  }
}
