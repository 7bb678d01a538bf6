import Files
import Layers
import Models
import Tensors

/// A training under way, as a file keeps it: parameters, averages, the optimiser's moments, the best weights so far.
struct Checkpoint {
  var state: TrainingState
  var tensors: [String: Tensor]
  var metadata: [String: String]

  /// Writes the file whole or not at all.
  func write(to path: String) throws {
    let file = Safetensors(
      tensors: tensors,
      metadata: metadata.merging(state.metadata) { $1 }.merging(["format": "lacuna-checkpoint"]) {
        $1
      })
    try AtomicFile.write(file.encoded(), to: path)
  }

  init(state: TrainingState, tensors: [String: Tensor], metadata: [String: String]) {
    self.state = state
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Reads a checkpoint and makes sure that it belongs to this training.
  init(contentsOf path: String, expecting expected: [String: String]) throws {
    let file: Safetensors
    do {
      file = try Safetensors(decoding: try FileSystem.readBytes(path))
    } catch let error as Safetensors.FormatError {
      throw TrainingError("\(path): \(error); remove it to start again")
    }
    guard file.metadata["format"] == "lacuna-checkpoint",
      let state = TrainingState(metadata: file.metadata)
    else {
      throw TrainingError("\(path): is no checkpoint of a training; remove it to start again")
    }
    for (key, text) in expected.sorted(by: { $0.key < $1.key }) where file.metadata[key] != text {
      throw TrainingError(
        "\(path): was made with another \(key) ('\(file.metadata[key] ?? "none")', now '\(text)'); "
          + "resume with the same arguments, images and labels and the same version of lacuna, or "
          + "remove it to start again")
    }
    self.state = state
    tensors = file.tensors
    metadata = file.metadata
  }

  /// What the learner had kept.
  var learnerState: FitterState {
    var state = FitterState()
    let prefix = "learner."
    for (name, tensor) in tensors where name.hasPrefix(prefix) {
      state.tensors[String(name.dropFirst(prefix.count))] = tensor
    }
    for (name, text) in metadata where name.hasPrefix(prefix) {
      state.numbers[String(name.dropFirst(prefix.count))] = Double(text)
    }
    return state
  }
}
