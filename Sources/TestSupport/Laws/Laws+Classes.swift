import Models
import Tensors

extension Laws {
  /// A model that is made for classes learns, scores or draws otherwise for another class.
  ///
  /// One that does not would fill folders named by class with images of any, and call its likelihoods those given the class.
  public static func classesMatter(_ zoo: ZooInstance) throws -> [String] {
    let model = try zoo.shaken(deviation: 0.4).model
    guard model.classCount == zoo.classCount else {
      return ["made for \(zoo.classCount) classes it has \(model.classCount)"]
    }
    let images = zoo.batch(8)
    let batches = [0, 1].map { label in
      ImageBatch(levels: images.levels, labels: [Int?](repeating: label, count: images.count))
    }
    func differs(_ said: (ImageBatch, Int) -> [Float]) -> Bool {
      said(batches[0], 0) != said(batches[1], 1)
    }
    if differs({ batch, _ in model.objectives.map { $0.value(batch, Pass()).scalar } }) {
      return []
    }
    if let model = model as? any Scoring,
      differs({ batch, _ in model.scores(batch, Pass()).map(Float.init) })
    {
      return []
    }
    if let model = model as? any Sampling,
      differs({ _, label in
        let requests = zoo.requests(8).map { SampleRequest(label: label, random: $0.random) }
        return model.samples(requests, temperature: Temperature(pixels: 1), Pass()).flatMap(
          \.levels)
      })
    {
      return []
    }
    return ["it says the same of every class: let its card say heedsClasses: false, or heed them"]
  }
}
