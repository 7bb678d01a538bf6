import Layers
import Models
import Platform
import Tensors
import TestSupport
import Testing
import Training

/// The energy distance of samples to images, against its formula.
@Suite struct SampleDistanceTests {
  /// Draws the same images every time, one after the other.
  private struct Recorded: Sampling {
    struct Configuration: ModelConfiguration {
      static let settings: [Setting<Configuration>] = []
    }

    static let card = ModelCard(
      name: "recorded", family: "test", summary: "the same images", citation: "none")
    let configuration = Configuration()
    let shape: ImageShape
    let classCount = 0
    let objectives: [Objective] = []
    let images: [[Float]]

    init(_ shape: ImageShape, _ images: [[Float]]) {
      self.shape = shape
      self.images = images
    }

    init(
      _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
    ) throws(ModelError) {
      self.init(shape, [])
    }

    func samples(_ requests: [SampleRequest], temperature: Temperature, _ pass: Pass) -> [Sample] {
      requests.indices.map { Sample(levels: images[$0 % images.count]) }
    }
  }

  private func distance(_ x: [Float], _ y: [Float]) -> Double {
    (zip(x, y).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) } / Double(x.count))
      .squareRoot()
  }

  private func mean(_ xs: [[Float]], _ ys: [[Float]], isSame: Bool) -> Double {
    let values = xs.indices.flatMap { i in
      ys.indices.compactMap { j in isSame && i == j ? nil : distance(xs[i], ys[j]) }
    }
    return values.reduce(0, +) / Double(values.count)
  }

  @Test func followsItsFormula() throws {
    let folder = try Pictures.folder(80)
    let images = try DatasetLoader().load(folder.path)
    let size = images.shape.dimensionCount
    func rows(_ values: [Float]) -> [[Float]] {
      (0..<80).map { Array(values[$0 * size..<($0 + 1) * size]) }
    }
    let real = rows(images.batch(Array(0..<80)).levels.values)
    let random = RandomSource(seed: 6, purpose: .testing)
    let noise = (0..<80).map { random.at($0).uniforms(size).map { $0 < 0.5 ? Float(0) : 1 } }
    func judgement(_ drawn: [[Float]]) -> SampleDistance.Judgement {
      SampleDistance(Recorded(images.shape, drawn), images, precision: .float32).judgement()
    }
    func measured(_ drawn: [[Float]]) -> Double { judgement(drawn).distance }
    let expected =
      2 * mean(noise, real, isSame: false) - mean(real, real, isSame: true)
      - mean(noise, noise, isSame: true)
    #expect(abs(measured(noise) - expected) < 1e-5)
    // The images themselves are nearer than noise, and nearer than one of them alone, over and over.
    let ofImages = measured(real)
    #expect(ofImages < 0.01 && ofImages < measured(noise))
    #expect(measured([real[0]]) > ofImages + 0.1)
    // What differs as images do has a spread of 1, one image over and over has none.
    #expect(abs(judgement(real).spread - 1) < 0.05)
    #expect(judgement([real[0]]).spread < 1e-3)
  }
}
