/// The version of this program, as it stands in the files that it writes.
public enum ToolVersion {
  /// By the rules of Semantic Versioning.
  public static let current = "0.1.0"
}
