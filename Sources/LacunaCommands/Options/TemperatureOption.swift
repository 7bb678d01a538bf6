import ArgumentParser

/// How much likely pixels are preferred.
struct TemperatureOption: ParsableArguments {
  @Option(
    help: "Below 1 prefers likely pixels; 1 draws from the model.", takes: .number(above: 0))
  var temperature: Float = 1
}
