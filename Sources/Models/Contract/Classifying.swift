public import Tensors

/// Tells the class of an image.
public protocol Classifying: GenerativeModel {
  /// Float32 `[images, classCount]`: p(class | image), each row summing to 1. The batch's own labels are not read.
  func classProbabilities(_ batch: ImageBatch, _ pass: Pass) -> Tensor
}

/// Learns to classify from images of which few have labels.
public protocol SemiSupervised: Classifying {
  /// Share of a training batch that is drawn from the labelled images, over and over, where some are unlabelled.
  var labelledShare: Double { get }
}
