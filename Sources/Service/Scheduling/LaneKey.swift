import Images
import Models
import Tasks
import Training

/// What requests have in common that can be computed together: a model, and how it is asked.
struct LaneKey: Hashable, Sendable {
  /// What is asked of the model.
  enum Kind: Hashable, Sendable {
    /// Holes filled; the options by name, sorted.
    case fill(temperature: Float, options: [String: String], givesMeans: Bool)
    case draw(latents: Float, pixels: Float?)
    case encode(wantsVariances: Bool, wantsPredictions: Bool)
    case score
  }

  let model: ServedModel
  let kind: Kind

  /// Rows of the smallest tile that the work takes.
  var smallestTile: Int {
    switch kind {
    case .fill, .draw: (model.file.model as? any Completing)?.smallestTile ?? Tiles.size
    case .encode, .score: Tiles.size
    }
  }
}
