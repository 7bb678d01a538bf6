import Layers
import Models
import Tensors

extension Laws {
  /// No output of an autoregressive model has a gradient to its own or a later pixel; where `seesAll` says so, each has
  /// one to every earlier pixel.
  public static func outputsSeeEarlierPixelsAlone(
    _ zoo: ZooInstance, seesAll: Bool = false
  ) throws -> [String] {
    guard let model = try zoo.shaken().model as? any Autoregressive else {
      return ["not autoregressive"]
    }
    let (shape, pixels) = (zoo.shape, zoo.shape.pixelCount)
    // One copy of an image for each output: a single way back gives every row of the Jacobian.
    let levels = copies(of: zoo, pixels).variable
    let width = model.distribution.parameterCount
    let projection = RandomSource(seed: 31, purpose: .testing).normal([width]).values
    let picked = Tensor(shape: [pixels, shape.height, shape.width, width]) { buffer in
      buffer.update(repeating: 0)
      for pixel in 0..<pixels {
        for i in 0..<width { buffer[(pixel * pixels + pixel) * width + i] = projection[i] }
      }
    }
    let batch = ImageBatch(levels: levels, labels: copiedLabels(zoo, pixels))
    let (_, gradients) = valueAndGradients(of: [levels]) {
      (model.parameters(of: batch, Pass()) * picked).sum()
    }
    guard let jacobian = gradients[0]?.values else {
      return pixels == 1 ? [] : ["the outputs have no gradient to the image"]
    }
    var found: [String] = []
    for output in 0..<pixels {
      for input in 0..<pixels {
        let start = (output * pixels + input) * shape.channels
        for channel in 0..<shape.channels {
          let value = jacobian[start + channel]
          if input >= output, value != 0 {
            found.append("output \(output) has a gradient \(value) to pixel \(input)")
          } else if input < output, value == 0, seesAll {
            found.append("output \(output) does not see channel \(channel) of pixel \(input)")
          } else if !value.isFinite {
            found.append("output \(output) has a gradient \(value) to pixel \(input)")
          }
        }
      }
    }
    return found
  }

  /// Changing a pixel changes no parameter of this or an earlier pixel by a single bit; and it does change some
  /// later one.
  public static func changesReachLaterPixelsAlone(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken().model as? any Autoregressive else {
      return ["not autoregressive"]
    }
    let labels = copiedLabels(zoo, zoo.shape.pixelCount)
    return reachBreaches(zoo, width: model.distribution.parameterCount) {
      model.parameters(of: ImageBatch(levels: $0, labels: labels), Pass()).values
    }
  }

  /// The same of the pixels that a causal decoder is shown, the latent point being given.
  public static func decoderSeesEarlierPixelsAlone(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken().model as? any LatentVariable else { return ["no latents"] }
    let decoder = model.decoder
    guard decoder.isCausal else { return [] }
    let pixels = zoo.shape.pixelCount
    let point = RandomSource(seed: 45, purpose: .testing).normal([1, model.latentCount])
    let points = Tensor.concatenated([Tensor](repeating: point, count: pixels), axis: 0)
    let labels = copiedLabels(zoo, pixels) ?? [Int?](repeating: nil, count: pixels)
    let maps = decoder.maps(of: model.decoderInput(latents: points, labels: labels), Pass())
    return reachBreaches(zoo, width: decoder.distribution.parameterCount) {
      decoder.parameters(maps: maps, levels: $0, Pass()).values
    }
  }

  /// - Parameter parameters: the numbers of every pixel of as many images as they have pixels.
  private static func reachBreaches(
    _ zoo: ZooInstance, width: Int, parameters: (Tensor) -> [Float]
  ) -> [String] {
    let (shape, pixels) = (zoo.shape, zoo.shape.pixelCount)
    let plain = copies(of: zoo, pixels)
    var changed = plain.values
    for pixel in 0..<pixels {
      for channel in 0..<shape.channels {
        let place = (pixel * pixels + pixel) * shape.channels + channel
        changed[place] = changed[place] == 0 ? Float(shape.levels - 1) : 0
      }
    }
    let (before, after) = (parameters(plain), parameters(Tensor(changed, shape: plain.shape)))
    var found: [String] = []
    for input in 0..<pixels {
      let differing = (0..<pixels).filter { output in
        let start = (input * pixels + output) * width
        return before[start..<start + width] != after[start..<start + width]
      }
      for output in differing where output <= input {
        found.append("changing pixel \(input) changes the distribution of pixel \(output)")
      }
      if input < pixels - 1, differing.isEmpty {
        found.append("changing pixel \(input) changes nothing")
      }
    }
    return found
  }

  private static func copies(of zoo: ZooInstance, _ count: Int) -> Tensor {
    let shape = zoo.shape
    let image = zoo.batch(1, seed: 17).levels.values
    return Tensor(
      (0..<count).flatMap { _ in image },
      shape: [count, shape.height, shape.width, shape.channels])
  }

  private static func copiedLabels(_ zoo: ZooInstance, _ count: Int) -> [Int?]? {
    zoo.classCount > 0 ? [Int?](repeating: zoo.classCount - 1, count: count) : nil
  }
}
