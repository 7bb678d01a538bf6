import Layers
import Models
import Platform
import Synchronization
import Tasks
import Tensors
import Testing
import Training

/// Features of images in memory.
@Suite struct FeatureEncoderTests {
  private static let shape = ImageShape(height: 4, width: 4, channels: 1, levels: 2)

  /// Tells on which threads it was asked.
  private final class Witness: Sendable {
    let threads = Mutex<Set<UInt>>([])
  }

  private struct Watched: Encoding {
    struct Configuration: ModelConfiguration {
      static let settings: [Setting<Configuration>] = []
    }

    static let card = ModelCard(
      name: "watched", family: "test", summary: "tells of threads", citation: "none")
    let configuration = Configuration()
    let shape = FeatureEncoderTests.shape
    let classCount = 0
    let latentCount = 16
    let givesVariances = false
    let objectives: [Objective] = []
    let witness: Witness

    init(_ witness: Witness) { self.witness = witness }

    init(
      _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
    ) throws(ModelError) {
      self.init(Witness())
    }

    func encodings(_ batch: ImageBatch, _ pass: Pass) -> Encodings {
      _ = witness.threads.withLock { $0.insert(UInt(pthread_self())) }
      usleep(2000)
      return Encodings(means: batch.levels.reshaped(to: [batch.count, latentCount]))
    }
  }

  /// The context decides, not what the caller's thread has.
  @Test func takesAsManyThreadsAsItsContextGives() throws {
    let images = (0..<1024).map { [Float](repeating: Float($0 % 2), count: 16) }
    func threads(_ count: Int) throws -> Int {
      let witness = Witness()
      let encoder = try FeatureEncoder(
        Watched(witness), .init(), Context(threads: count, precision: .float32))
      let features = ThreadPool.withThreads(3 - count) { encoder.encode(images) }
      #expect(features.map(\.means) == images)
      return witness.threads.withLock { $0.count }
    }
    #expect(try threads(1) == 1)
    #expect(try threads(2) == 2)
  }
}
