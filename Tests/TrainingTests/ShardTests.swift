import Layers
import Models
import Tensors
import TestSupport
import Testing
import Training

/// A batch in shards.
@Suite(.serialized) struct ShardTests {
  @Test(arguments: [1, 15, 16, 17, 50])
  func shardsAreTheBatch(_ count: Int) throws {
    let folder = try Pictures.folder(50)
    let images = try DatasetLoader().load(folder.path)
    let instance = try ModelInstance(
      named: "pixelcnn", settings: ["layers": "2", "channels": "6", "label-dropout": "0"],
      shape: images.shape, classCount: 2, seed: 3)
    let objective = instance.model.objectives[0]
    let indices = (0..<count).map { ($0 * 7) % 50 }
    func compute(threads: Int) -> (loss: Float, gradients: [Tensor?]) {
      let present = ThreadPool.threads
      ThreadPool.threads = threads
      defer { ThreadPool.threads = present }
      return ShardedGradients(images, indices, seed: 1, step: 0, precision: .float32)
        .compute(objective)
    }
    let (loss, gradients) = compute(threads: 2)
    let (other, others) = compute(threads: 1)
    #expect(loss == other)
    let unlike = gradients.indices.filter { gradients[$0]?.values != others[$0]?.values }
    #expect(unlike.map { objective.parameters[$0].name } == [])
    let (whole, wholes) = valueAndGradients(of: objective.parameters.map(\.value)) {
      objective.loss(images.batch(indices), Pass())
    }
    #expect(abs(whole.scalar - loss) < 1e-4 * abs(loss))
    for (index, parameter) in objective.parameters.enumerated() {
      guard let mine = gradients[index], let theirs = wholes[index] else {
        Issue.record("\(parameter.name) has no gradient")
        continue
      }
      let difference = Comparison.differenceByLargest(mine, theirs, tolerance: 1e-3)
      #expect(difference == nil, "\(parameter.name)")
    }
  }
}
