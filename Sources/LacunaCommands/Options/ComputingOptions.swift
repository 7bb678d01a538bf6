import ArgumentParser
import Tensors
import Training

/// Threads and precision.
struct ComputingOptions: ParsableArguments {
  @OptionGroup
  var parallel: ThreadOption

  @Option(
    help: "What activations are computed in; bfloat16 is the faster where the processor has it.",
    value: "type",
    takes: .one(of: [("auto", nil), ("float32", .float32), ("bfloat16", .bfloat16)]))
  var precision: ElementType? = nil

  /// What work is given: threads, precision and where it learns that it is to stop.
  ///
  /// - Parameter auto: the type that `auto` stands for.
  func context(auto: ElementType) -> Context {
    Context(threads: parallel.threads, precision: elementType(auto: auto), stop: Signals.caught())
  }

  /// The type to compute in, where `auto` stands for this one.
  func elementType(auto: ElementType) -> ElementType { precision ?? auto }
}
