import ArgumentParser
import Tensors

/// Threads and precision.
struct ComputingOptions: ParsableArguments {
  /// The type that activations are computed in.
  enum Precision: String, ExpressibleByArgument, CaseIterable {
    case auto, float32, bfloat16
  }

  @OptionGroup
  var parallel: ThreadOption

  @Option(
    help: ArgumentHelp(
      "auto, float32 or bfloat16. bfloat16 is the faster where the processor has it.",
      valueName: "type"))
  var precision = Precision.auto

  /// Sets what holds for the whole process.
  func apply() { parallel.apply() }

  /// The type to compute in, where `auto` stands for this one.
  func elementType(auto: ElementType) -> ElementType {
    switch precision {
    case .auto: auto
    case .float32: .float32
    case .bfloat16: .bfloat16
    }
  }
}
