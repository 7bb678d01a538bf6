/// Choices that a user has, each declared once with its name, range and help.
public protocol DeclaredSettings: Sendable {
  /// The defaults.
  init()
  /// Every setting, in the order in which they are listed.
  static var settings: [Setting<Self>] { get }
  /// What one of them is called in messages.
  static var noun: String { get }
}

/// The settings of a model: `--set NAME=VALUE`.
public protocol ModelConfiguration: DeclaredSettings {}

extension ModelConfiguration {
  /// A setting.
  public static var noun: String { "setting" }
}

/// How a model fills holes: `--fill NAME=VALUE`.
public protocol FillingConfiguration: DeclaredSettings {}

extension FillingConfiguration {
  /// A way to fill.
  public static var noun: String { "filling option" }
}

/// For models that leave no choice of how holes are filled.
public struct NoFillingOptions: FillingConfiguration {
  /// Nothing to choose.
  public init() {}
  /// None.
  public static let settings: [Setting<NoFillingOptions>] = []
}

/// One setting.
public struct Setting<Configuration>: Sendable {
  /// The name on the command line and in model files.
  public let name: String
  /// What it does, in one line.
  public let help: String
  /// The values it takes, such as `1...64`.
  public let range: String
  /// A value that makes a model tiny, for tests of laws; nil: the default does.
  public let tiny: String?
  /// What it means that a model file lacks the setting, because it is older than that; nil: the default.
  public let formerly: String?
  /// A value that makes another model of it, which laws try besides the default, together with those of other settings.
  public let alternative: String?
  /// The present value as text.
  public let read: @Sendable (Configuration) -> String
  /// Reads a value; throws where it does not fit.
  public let write: @Sendable (inout Configuration, String) throws(ModelError) -> Void
}

extension DeclaredSettings {
  /// Every setting's value as text, by name: what a model file keeps.
  public var texts: [String: String] {
    Dictionary(uniqueKeysWithValues: Self.settings.map { ($0.name, $0.read(self)) })
  }

  /// What settings mean that texts of an earlier time lack.
  public static var formerTexts: [String: String] {
    let former = settings.compactMap { setting in setting.formerly.map { (setting.name, $0) } }
    return Dictionary(uniqueKeysWithValues: former)
  }

  /// The defaults, changed by these texts.
  ///
  /// - Throws: `ModelError` that names a setting which is not there, or whose value does not fit.
  public init(texts: [String: String], model: String) throws(ModelError) {
    self.init()
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
      guard let setting = Self.settings.first(where: { $0.name == name }) else {
        let known = Self.settings.map(\.name).joined(separator: ", ")
        throw ModelError(
          "model '\(model)' has no \(Self.noun) '\(name)'; it has \(known.isEmpty ? "none" : known)"
        )
      }
      try setting.write(&self, text)
    }
  }
}
