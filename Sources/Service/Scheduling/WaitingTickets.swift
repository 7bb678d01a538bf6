import Models

/// Tickets that wait, and whose turn it is.
///
/// Turns go by rows: the client that has got the fewest is next, its tickets in their order. One that comes, or comes
/// back, starts where the others are (start-time fair queueing): nobody saves up turns, nobody is starved.
struct WaitingTickets {
  private struct Queue {
    var tickets: [Ticket] = []
    /// Rows that it has got since it came, from where the others were.
    var served: Int
  }

  /// A turn: tickets of one lane, with the rows that each may take.
  struct Turn {
    let lane: LaneKey
    let shares: [(ticket: Ticket, rows: Int)]

    /// All rows.
    var rows: Int { shares.reduce(0) { $0 + $1.rows } }
  }

  private var queues: [Client: Queue] = [:]
  /// Rows of split tickets that are done.
  private var done: [ObjectIdentifier: Int] = [:]
  private var present = 0

  /// Rows of all tickets.
  private(set) var rows = 0
  /// Tickets.
  var count: Int { queues.values.reduce(0) { $0 + $1.tickets.count } }
  /// Whether none waits.
  var isEmpty: Bool { queues.isEmpty }

  /// Tickets that came before this one and wait or run.
  func count(before ticket: Ticket) -> Int {
    queues.values.reduce(0) { sum, queue in
      sum + queue.tickets.count { $0.number < ticket.number && !$0.isSettled }
    }
  }

  /// Puts a ticket behind the others of its client.
  mutating func add(_ ticket: Ticket) {
    queues[ticket.client, default: Queue(served: present)].tickets.append(ticket)
    rows += ticket.rows
  }

  /// Forgets tickets that are answered, late or given up; their rows are free again.
  mutating func dropSettled() {
    for (client, var queue) in queues {
      let settled = queue.tickets.filter(\.isSettled)
      guard !settled.isEmpty else { continue }
      for ticket in settled {
        rows -= ticket.rows
        done[ObjectIdentifier(ticket)] = nil
      }
      queue.tickets.removeAll(where: \.isSettled)
      queues[client] = queue.tickets.isEmpty ? nil : queue
    }
  }

  /// Settles all of them.
  mutating func refuseAll(_ problem: Problem) {
    for ticket in queues.values.flatMap(\.tickets) { ticket.settle(.failure(problem)) }
    dropSettled()
  }

  /// The next turn, of about a tile of rows for each thread at most: one client's next ticket, and others of the same lane
  /// beside it.
  mutating func next(threads: Int) -> Turn? {
    guard let first = queues.min(by: { ($0.value.served, $0.key) < ($1.value.served, $1.key) }),
      let lane = first.value.tickets.first?.lane
    else { return nil }
    present = max(present, first.value.served)
    var places = queues.mapValues { queue in
      queue.tickets.filter { $0.lane == lane }[...]
    }.filter { !$0.value.isEmpty }
    var shares: [(ticket: Ticket, rows: Int)] = []
    let waiting = places.values.joined().reduce(0) {
      $0 + max($1.rowsOfStep, $1.rows - (done[ObjectIdentifier($1)] ?? 0))
    }
    var room = Tiles.mostWorthwhile(
      of: min(waiting, threads * Tiles.size), least: lane.smallestTile, threads: threads)
    while room > 0,
      let client = places.keys.min(by: {
        (queues[$0]?.served ?? 0, $0) < (queues[$1]?.served ?? 0, $1)
      }), let ticket = places[client]?.popFirst()
    {
      if places[client]?.isEmpty == true { places[client] = nil }
      let former = done[ObjectIdentifier(ticket)] ?? 0
      // What is left of a picture may be more than was foreseen: it is never granted nothing.
      let granted = max(ticket.rowsOfStep, min(ticket.rows - former, room))
      done[ObjectIdentifier(ticket)] = former + granted
      shares.append((ticket, granted))
      queues[client]?.served += granted
      room -= granted
    }
    return Turn(lane: lane, shares: shares)
  }
}

extension Client: Comparable {
  /// Any fixed order.
  static func < (left: Client, right: Client) -> Bool { left.number < right.number }

  private var number: Int {
    switch self {
    case .key(let number): -1 - number
    case .connection(let number): number
    }
  }
}
