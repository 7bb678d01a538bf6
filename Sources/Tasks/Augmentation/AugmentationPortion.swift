import Models
import Training

/// Images of a run that come about in one way: how many of each class, and what makes them.
struct AugmentationPortion: Sendable {
  /// How many of each class.
  let plan: AugmentationPlan
  /// What makes them.
  let maker: any ImageMaker
  /// What tells copies of originals; nil where being like one is the point.
  let check: CopyCheck?

  init(_ plan: AugmentationPlan, _ maker: any ImageMaker, check: CopyCheck? = nil) {
    self.plan = plan
    self.maker = maker
    self.check = check
  }
}
