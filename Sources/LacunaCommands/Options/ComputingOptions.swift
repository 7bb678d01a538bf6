import ArgumentParser
import Tensors

/// Threads and precision.
struct ComputingOptions: ParsableArguments {
  @OptionGroup
  var parallel: ThreadOption

  @Option(
    help: "What activations are computed in; bfloat16 is the faster where the processor has it.",
    value: "type",
    takes: .one(of: [("auto", nil), ("float32", .float32), ("bfloat16", .bfloat16)]))
  var precision: ElementType? = nil

  /// Sets what holds for the whole process.
  func apply() { parallel.apply() }

  /// The type to compute in, where `auto` stands for this one.
  func elementType(auto: ElementType) -> ElementType { precision ?? auto }
}
