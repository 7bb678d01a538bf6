import Files
import Models
import Tensors
import Training

/// The classes that a model is sure of in images without a label (Lee 2013, Pseudo-Label: The Simple and Efficient Semi-Supervised
/// Learning Method for Deep Neural Networks).
///
/// How sure it may be is learnt from labelled images, moved a little (``LabelCheck``); every class counts as common as the others.
struct PseudoLabels: Sendable {
  /// An image whose class is known now.
  struct Found: Sendable, Equatable {
    /// Its place among the images.
    let index: Int
    /// Its class in the data set.
    let label: Int
    /// p(class | image).
    let probability: Double
  }

  /// The images that were found, in their order.
  let found: [Found]

  /// Looks for images whose class is at least so probable.
  ///
  /// - Parameters:
  ///   - images: those without a label count.
  ///   - labelled: images with labels of the same classes.
  ///   - modelClasses: the classes of the model.
  /// - Throws: `EngineError.cannot` where the model cannot tell classes apart.
  init(
    among images: ImageDataset, by file: ModelFile, calibratedOn labelled: ImageDataset,
    probability least: Double, _ context: Context
  ) throws(EngineError) {
    let check = try LabelCheck(
      file.model, classCounts: file.classShares ?? file.classes.map { _ in 1 },
      Pass(context.precision))
    // The model's classes in the order of the data set's.
    let places = ExactText.places(of: labelled.classes)
    let classes = file.classes.map { places[$0] }
    found = context.run {
      let calibrated = check.calibrated(on: labelled.relabelled(for: file.classes))
      return Tiles.map(images.unlabelledPlaces) { tile in
        let levels = images.batch(tile.padded).levels
        let logarithms = calibrated.logarithms(levels, count: tile.padded.count)
        return zip(tile.items, logarithms).map { index, values -> Found? in
          guard let best = values.indices.max(by: { values[$0] < values[$1] }),
            let label = classes[best]
          else { return nil }
          let probability = LabelCheck.softmax(values.map { $0 / calibrated.temperature }, at: best)
          guard probability >= least else { return nil }
          return Found(index: index, label: label, probability: probability)
        }
      }.compactMap { $0 }
    }
  }

  /// How many were found of each class.
  func counts(classes: Int) -> [Int] {
    found.reduce(into: [Int](repeating: 0, count: classes)) { $0[$1.label] += 1 }
  }
}

/// Gives images without a label the class that a model is sure of.
struct PseudoLabellingMaker: ImageMaker {
  private let images: ImageDataset
  private let groups: [[PseudoLabels.Found]]

  /// A maker of the images that were found of each class of a plan.
  init(_ images: ImageDataset, _ labels: PseudoLabels, _ plan: AugmentationPlan) {
    self.images = images
    groups = plan.classes.map { group in labels.found.filter { $0.label == group.place } }
  }

  var origin: ImageOrigin { .pseudoLabelled }

  func make(_ places: [SamplePlace], _ random: [RandomSource]) throws -> [MadeImage] {
    let found = places.map { groups[$0.group][$0.number - 1] }
    return zip(found, images.images(found.map(\.index))).map { found, levels in
      MadeImage(
        levels: levels, labelProbability: found.probability, origin: images.paths[found.index])
    }
  }
}
