import ArgumentParser
import Models

/// How much likely images are preferred when whole ones are drawn.
struct SamplingOptions: ParsableArguments {
  @OptionGroup
  var sharpness: TemperatureOption

  @Option(
    help: """
      The same for pixels alone; 0 shows each one's mean. (default: --temperature; 0 where a decoder draws many levels \
      independently)
      """, value: "temperature", takes: .number(from: 0))
  var pixelTemperature: Float?

  /// Both as models take them.
  var temperature: Temperature { Temperature(sharpness.temperature, pixels: pixelTemperature) }
}
