import Models
import Tasks
import Tensors
import Training

/// An engine, and the tickets that it works on together; touched by the compute thread alone.
final class Lane {
  private enum Engine {
    case fill(HoleFiller)
    case draw(SampleDrawer)
    case encode(FeatureEncoder)
    case score(ImageScorer)
  }

  /// A ticket that was begun.
  private struct Progress {
    let ticket: Ticket
    var filling: HoleFilling?
    var drawn: [DrawnSample] = []
    var encoded: [FeatureEncoder.Features] = []
    var scored: [Double] = []

    var done: Int { drawn.count + encoded.count + scored.count }
  }

  private let engine: Engine
  private var begun: [ObjectIdentifier: Progress] = [:]

  /// The engine of a lane.
  ///
  /// - Throws: `EngineError` where the model cannot do it.
  init(_ key: LaneKey, _ context: Context) throws(EngineError) {
    let file = key.model.file
    switch key.kind {
    case .fill: engine = .fill(try key.filler(context))
    case .draw(let latents, let pixels):
      var options = SampleDrawer.Options()
      options.temperature = Temperature(latents, pixels: pixels)
      engine = .draw(try SampleDrawer(file.model, options, context))
    case .encode(let variances, let predictions):
      var options = FeatureEncoder.Options()
      options.wantsVariances = variances
      options.wantsPredictions = predictions
      // As `embed` computes, in float32 unless told otherwise.
      engine = .encode(
        try FeatureEncoder(file.model, options, context.with(precision: .float32)))
    case .score:
      engine = .score(try ImageScorer(file.model, context.with(precision: .float32)))
    }
  }

  /// Forgets tickets that nobody waits for.
  func dropSettled() { begun = begun.filter { !$0.value.ticket.isSettled } }

  /// Whether no ticket is half done.
  var isIdle: Bool { begun.isEmpty }

  /// Goes on with tickets, and answers those that come to their end.
  ///
  /// - Parameter shares: rows that each may take now.
  func step(_ shares: [(ticket: Ticket, rows: Int)]) throws(EngineError) {
    switch engine {
    case .fill: try fill(shares)
    case .draw(let drawer): try draw(shares, drawer)
    case .encode(let encoder): try encode(shares, encoder)
    case .score(let scorer): try score(shares, scorer)
    }
  }

  private func draw(
    _ shares: [(ticket: Ticket, rows: Int)], _ drawer: SampleDrawer
  ) throws(EngineError) {
    let parts = parts(shares)
    let requests = parts.flatMap { part -> [SampleRequest] in
      guard case .draw(let requests) = part.state.ticket.work else { return [] }
      return Array(requests[part.range])
    }
    hand(try drawer.draw(requests), to: parts, \.drawn) { .drawn($0) }
  }

  private func encode(
    _ shares: [(ticket: Ticket, rows: Int)], _ encoder: FeatureEncoder
  ) throws(EngineError) {
    let parts = parts(shares)
    let images = parts.flatMap { part -> [[Float]] in
      guard case .encode(let images) = part.state.ticket.work else { return [] }
      return Array(images[part.range])
    }
    let results = encoder.encode(images)
    guard results.allSatisfy(\.isFinite) else { throw encoder.notFinite }
    hand(results, to: parts, \.encoded) { .encoded($0) }
  }

  private func score(
    _ shares: [(ticket: Ticket, rows: Int)], _ scorer: ImageScorer
  ) throws(EngineError) {
    let parts = parts(shares)
    var (images, labels): ([[Float]], [Int?]) = ([], [])
    for part in parts {
      guard case .score(let own, let ownLabels) = part.state.ticket.work else { continue }
      images += own[part.range]
      labels += ownLabels[part.range]
    }
    hand(try scorer.scores(images, labels: labels), to: parts, \.scored) { .scored($0) }
  }

  private func fill(_ shares: [(ticket: Ticket, rows: Int)]) throws(EngineError) {
    var progress: [Progress] = []
    var fillings: [HoleFilling] = []
    for (ticket, _) in shares {
      guard case .fill(let picture, let samples, let seed) = ticket.work,
        case .fill(let filler) = engine
      else { continue }
      if let known = begun[ObjectIdentifier(ticket)]?.filling {
        fillings.append(known)
      } else {
        fillings.append(try HoleFilling(picture, samples: samples, seed: seed, by: filler))
      }
      progress.append(Progress(ticket: ticket))
    }
    try HoleFilling.step(&fillings, rows: shares.map(\.rows))
    for (var progress, filling) in zip(progress, fillings) {
      let ticket = progress.ticket
      if let filled = filling.filled {
        begun[ObjectIdentifier(ticket)] = nil
        ticket.settle(.success(.filled(filled)))
      } else {
        progress.filling = filling
        begun[ObjectIdentifier(ticket)] = progress
      }
    }
  }

  /// What each ticket has so far, and which of its items are next.
  private func parts(
    _ shares: [(ticket: Ticket, rows: Int)]
  ) -> [(state: Progress, range: Range<Int>)] {
    shares.map { ticket, rows in
      let state = begun[ObjectIdentifier(ticket)] ?? Progress(ticket: ticket)
      return (state, state.done..<min(ticket.rows, state.done + rows))
    }
  }

  /// Gives each ticket its part of what was computed for all, one after the other.
  private func hand<Result>(
    _ results: [Result], to parts: [(state: Progress, range: Range<Int>)],
    _ place: WritableKeyPath<Progress, [Result]>, answer: ([Result]) -> Ticket.Answer
  ) {
    var rest = results[...]
    for var part in parts {
      part.state[keyPath: place] += rest.prefix(part.range.count)
      rest = rest.dropFirst(part.range.count)
      keep(part.state, answer(part.state[keyPath: place]))
    }
  }

  /// Answers a ticket that is done, and remembers one that is not.
  private func keep(_ state: Progress, _ answer: Ticket.Answer) {
    let isDone = state.done == state.ticket.rows
    begun[ObjectIdentifier(state.ticket)] = isDone ? nil : state
    if isDone { state.ticket.settle(.success(answer)) }
  }
}

extension LaneKey {
  /// What fills holes in this lane.
  func filler(_ context: Context) throws(EngineError) -> HoleFiller {
    guard case .fill(let temperature, let options, let givesMeans) = kind else {
      preconditionFailure("no lane of holes")
    }
    var filling = HoleFiller.Options()
    filling.temperature = temperature
    filling.filling = options
    filling.givesMeans = givesMeans
    return try HoleFiller(model.file.model, filling, context)
  }
}
