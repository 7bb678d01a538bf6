import Models
import Synchronization

/// What the service counts, as Prometheus reads it (text format 0.0.4).
final class Metrics: Sendable {
  private struct Key: Hashable {
    let route: String
    let status: Int
  }

  private struct State {
    var requests: [Key: Int] = [:]
    var seconds: [String: Histogram] = [:]
    var rows = 0
    var tiles = 0
    var turns = 0
    var busySeconds = 0.0
    var reloads = 0
    var failedReloads = 0
  }

  /// Durations by upper bounds in seconds.
  private struct Histogram {
    static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
    var counts = [Int](repeating: 0, count: bounds.count)
    var count = 0
    var sum = 0.0

    mutating func add(_ seconds: Double) {
      for (place, bound) in Self.bounds.enumerated() where seconds <= bound { counts[place] += 1 }
      count += 1
      sum += seconds
    }
  }

  private let state = Mutex(State())

  /// A request was answered.
  func answered(_ route: String, status: Int, seconds: Double) {
    state.withLock { state in
      state.requests[Key(route: route, status: status), default: 0] += 1
      state.seconds[route, default: Histogram()].add(seconds)
    }
  }

  /// Rows were computed together.
  func computed(rows: Int, seconds: Double) {
    state.withLock { state in
      state.rows += rows
      state.tiles += Tiles.count(rows)
      state.turns += 1
      state.busySeconds += seconds
    }
  }

  /// Models were read anew, or could not be.
  func reloaded(_ succeeded: Bool) {
    state.withLock { state in
      if succeeded { state.reloads += 1 } else { state.failedReloads += 1 }
    }
  }

  /// All of them, and how much waits.
  func text(queue: (rows: Int, tickets: Int), capacity: Int, models: Int) -> String {
    let state = state.withLock { $0 }
    var text = ""
    func family(_ name: String, _ kind: String, _ help: String, _ lines: [String]) {
      text += "# HELP lacuna_\(name) \(help)\n# TYPE lacuna_\(name) \(kind)\n"
      for line in lines { text += "lacuna_\(name)\(line)\n" }
    }
    family(
      "requests_total", "counter", "Requests answered, by route and status.",
      state.requests.sorted { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }.map {
        "{route=\"\($0.key.route)\",status=\"\($0.key.status)\"} \($0.value)"
      })
    let histograms = state.seconds.sorted { $0.key < $1.key }.flatMap { route, histogram in
      zip(Histogram.bounds, histogram.counts).map {
        "_bucket{route=\"\(route)\",le=\"\($0)\"} \($1)"
      } + [
        "_bucket{route=\"\(route)\",le=\"+Inf\"} \(histogram.count)",
        "_sum{route=\"\(route)\"} \(histogram.sum)",
        "_count{route=\"\(route)\"} \(histogram.count)",
      ]
    }
    family(
      "request_duration_seconds", "histogram", "Seconds from a request's head to its answer.",
      histograms)
    family(
      "rows_total", "counter", "Images that models computed, particles counted.",
      [" \(state.rows)"])
    family(
      "tiles_total", "counter", "Tiles of \(Tiles.size) rows that hold the rows of each turn.",
      [" \(state.tiles)"])
    family("turns_total", "counter", "Turns of the compute thread.", [" \(state.turns)"])
    family(
      "compute_seconds_total", "counter", "Seconds in which the compute thread was at work.",
      [" \(state.busySeconds)"])
    let fill = state.tiles == 0 ? 0 : Double(state.rows) / Double(state.tiles * Tiles.size)
    family(
      "tile_fill_ratio", "gauge", "Rows computed by rows that full tiles would have had.",
      [" \(fill)"])
    family("queue_rows", "gauge", "Rows that wait or run.", [" \(queue.rows)"])
    family("queue_requests", "gauge", "Requests that wait or run.", [" \(queue.tickets)"])
    family("queue_capacity_rows", "gauge", "The most rows that may wait.", [" \(capacity)"])
    family("models", "gauge", "Models that are served.", [" \(models)"])
    family(
      "reloads_total", "counter", "Models read anew on SIGHUP, by outcome.",
      [
        "{outcome=\"done\"} \(state.reloads)", "{outcome=\"failed\"} \(state.failedReloads)",
      ])
    return text
  }
}
