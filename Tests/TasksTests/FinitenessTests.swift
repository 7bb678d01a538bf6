import Images
import Layers
import Models
import Tasks
import Tensors
import TestSupport
import Testing
import Training

/// Models whose weights run over, as those of a training that diverged.
@Suite struct FinitenessTests {
  private static let shape = ImageShape(height: 4, width: 4, channels: 1, levels: 2)

  private static let zoo = Zoo.models.map { ZooInstance($0, shape: shape, classCount: 2) }

  private func overflowing(_ zoo: ZooInstance) throws -> any GenerativeModel {
    let instance = try zoo.shaken()
    for parameter in instance.store.parameters {
      parameter.assign(parameter.value.detached * 1e30)
    }
    return instance.model
  }

  private func isSaid(_ body: () throws -> Void) {
    do {
      try body()
    } catch let error as EngineError {
      #expect("\(error)".contains("not finite") || "\(error)".contains("cannot"))
    } catch {
      Issue.record("\(error)")
    }
  }

  /// Every engine gives numbers, or says that there are none; none crashes.
  @Test(arguments: zoo)
  func areNoticed(_ zoo: ZooInstance) throws {
    let model = try overflowing(zoo)
    let context = Context(threads: 1, precision: .float32)
    let image = Image(
      width: 4, height: 4, format: .grey, pixels: (0..<16).map { $0 % 3 == 0 ? 255 : 0 })
    isSaid {
      let holed = HoledPicture(
        image, Mask(width: 4, height: 4, missing: (0..<16).map { $0 > 7 }), label: 0,
        identity: PictureIdentity("picture"))
      for answer in try HoleFiller(model, .init(), context).fill([holed]).answers[0] {
        #expect(!answer.logLikelihood.isNaN)
      }
    }
    isSaid {
      let requests = (0..<3).map {
        SampleRequest(label: $0 % 2, random: PictureIdentity("\($0)").random(sample: 0, seed: 1))
      }
      for sample in try SampleDrawer(model, .init(), context).draw(requests) {
        let isFinite = sample.levels.allSatisfy(\.isFinite)
        #expect(isFinite)
        #expect(sample.logLikelihood?.isNaN != true)
      }
    }
    isSaid {
      let encoder = try FeatureEncoder(model, .init(), context)
      let features = encoder.encode([image.pixels.map { Float($0 / 255) }])[0]
      let isFinite = features.means.allSatisfy(\.isFinite)
      #expect(features.isFinite == isFinite)
    }
  }
}
