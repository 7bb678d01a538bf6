public import Files

extension Inputs {
  /// What a run reads: directories of images, images, models, tables; nil stands for none.
  public convenience init(_ paths: String?...) {
    self.init(paths, endings: ImageFolder.endings)
  }
}
