import ArgumentParser
import Tensors
import Training

/// Threads and precision.
struct ComputingOptions: ParsableArguments {
  /// The type that activations are computed in.
  enum Precision: String, ExpressibleByArgument, CaseIterable {
    case auto, float32, bfloat16
  }

  @Option(help: "Threads to compute with (default: all cores).")
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "auto, float32 or bfloat16. bfloat16 is the faster where the processor has it.",
      valueName: "type"))
  var precision = Precision.auto

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a number in 1...1024, not \(threads)")
    }
  }

  /// What work is given: threads, precision and where it learns that it is to stop.
  ///
  /// - Parameter auto: the type that `auto` stands for.
  func context(auto: ElementType) -> Context {
    Context(threads: threads, precision: elementType(auto: auto), stop: Signals.caught())
  }

  /// The type to compute in, where `auto` stands for this one.
  func elementType(auto: ElementType) -> ElementType {
    switch precision {
    case .auto: auto
    case .float32: .float32
    case .bfloat16: .bfloat16
    }
  }
}
