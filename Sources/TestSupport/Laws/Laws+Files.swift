import Layers
import Models
import Tensors
import Training

extension Laws {
  /// A model that was written and read back is the same: settings, parameters, states, scores and samples.
  public static func filesKeepModels(_ zoo: ZooInstance) throws -> [String] {
    let instance = try zoo.shaken()
    let folder = try TemporaryFolder()
    let path = folder.path("model.safetensors")
    let classes = (0..<zoo.classCount).map { "class \($0) \"é\"" }
    try ModelFile(instance: instance, classes: classes, training: ["seed": "1"]).write(to: path)
    let file = try ModelFile(contentsOf: path)
    let (old, new) = (instance.model, file.model)
    var found: [String] = []
    if file.classes != classes { found.append("the classes are \(file.classes)") }
    if file.training["seed"] != "1" { found.append("what is known of the training is lost") }
    if new.shape != old.shape || new.classCount != old.classCount {
      found.append("the images are \(new.shape), \(new.classCount) classes")
    }
    if new.configuration.texts != old.configuration.texts {
      found.append("the settings are \(new.configuration.texts)")
    }
    for (mine, theirs) in zip(instance.store.parameters, file.instance.store.parameters)
    where mine.name != theirs.name || mine.value.values != theirs.value.values {
      found.append("\(mine.name) is not the same")
    }
    for (mine, theirs) in zip(instance.store.states, file.instance.store.states)
    where mine.name != theirs.name || mine.value.values != theirs.value.values {
      found.append("\(mine.name) is not the same")
    }
    let batch = zoo.batch(5, unknownLabels: true)
    if let old = old as? any Scoring, let new = new as? any Scoring,
      old.scores(batch, Pass()) != new.scores(batch, Pass())
    {
      found.append("scores differ")
    }
    if let old = old as? any Sampling, let new = new as? any Sampling {
      let (mine, theirs) = (
        old.samples(zoo.requests(5), temperature: 1, Pass()).map(\.levels),
        new.samples(zoo.requests(5), temperature: 1, Pass()).map(\.levels)
      )
      if mine != theirs { found.append("samples differ") }
    }
    let again = folder.path("again.safetensors")
    try file.write(to: again)
    if try ModelFile(contentsOf: again).metadata != file.metadata {
      found.append("metadata change when the file is written again")
    }
    return found
  }
}
