import Images
import Models
import Synchronization
import Tensors
import Training

/// Every state of some chains, a byte a value.
struct ChainStates: Sendable {
  private let shape: ImageShape
  private let sweeps: Int
  /// For each chain its states, one after the other.
  private let chains: [[UInt8]]

  /// Pictures in a row of a strip, and rows, at most.
  private static let (stripColumns, stripRows) = (16, 10)

  /// Runs chains, a tile a thread.
  ///
  /// - Parameter burnIn: sweeps before the first that is kept.
  init(
    _ model: any ChainSampling, chains: Int, sweeps: Int, burnIn: Int, seed: UInt64,
    _ context: Context, progress: @escaping @Sendable (TaskReporter.Progress) -> Void
  ) throws {
    let shape = model.shape
    let size = shape.dimensionCount
    try MemoryDemand.check(
      Int(min(Double(chains) * Double(sweeps) * Double(size), 1e18)),
      "keeping \(sweeps) states of \(chains) chains",
      remedy: "lower --sweeps or --chains")
    let tiles = ThreadPool.map(Tiles.count(chains)) { tile -> [[UInt8]] in
      let range = Tiles.range(tile, of: chains)
      var kept = range.map { _ in
        var bytes: [UInt8] = []
        bytes.reserveCapacity(sweeps * size)
        return bytes
      }
      let requests = range.map { chain in
        SampleRequest(
          label: nil, random: RandomSource(seed: seed, purpose: .sampling).at(chain))
      }
      model.runChains(requests, Pass(context.precision)) { sweep, levels in
        if sweep > burnIn {
          levels.withValues { values in
            for chain in kept.indices {
              for value in values[chain * size..<(chain + 1) * size] {
                kept[chain].append(UInt8(value))
              }
            }
          }
        }
        // All tiles go about equally fast.
        if tile == 0 { progress(.init(done: sweep, total: burnIn + sweeps)) }
        return sweep < burnIn + sweeps && !context.isStopRequested
      }
      return kept
    }
    try context.stopIfAsked("interrupted before the chains were at their end")
    self.shape = shape
    self.sweeps = sweeps
    self.chains = tiles.flatMap { $0 }
  }

  /// States of a chain, float32 `[range, dimensions]`.
  func levels(chain: Int, _ range: Range<Int>) -> Tensor {
    let size = shape.dimensionCount
    return Tensor(shape: [range.count, size]) { buffer in
      for (place, value) in chains[chain][range.lowerBound * size..<range.upperBound * size]
        .enumerated()
      { buffer[place] = Float(value) }
    }
  }

  /// All states of a chain.
  func images(chain: Int) -> ImageDataset {
    ImageDataset(
      drawn: chains[chain], labels: [Int?](repeating: nil, count: sweeps), classes: [],
      shape: shape)
  }

  /// A row of pictures for each of the first chains.
  func strip(every interval: Int?, burnIn: Int) -> ContactSheet {
    let step = interval ?? max(1, sweeps / Self.stripColumns)
    let shown = Array(stride(from: 0, to: sweeps, by: step).prefix(Self.stripColumns))
    var sheet = ContactSheet(
      rows: (0..<min(chains.count, Self.stripRows)).map { chain in
        shown.map { state in
          ContactSheet.Cell(
            PixelLevels.image(levels(chain: chain, state..<state + 1).values, shape: shape))
        }
      })
    sheet.columnTitles = shown.map { "\(burnIn + $0 + 1)" }
    sheet.rowTitles = (0..<min(chains.count, Self.stripRows)).map { "chain \($0 + 1)" }
    return sheet
  }
}
