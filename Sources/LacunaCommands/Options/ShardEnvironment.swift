import ArgumentParser
import Platform
package import Tasks

/// What those who start many processes tell each of them: which one it is, and of how many.
package struct ShardEnvironment {
  /// One way of telling it.
  private struct Source {
    /// The variables, for messages.
    let names: String
    /// 1 for the first process.
    let number: Int
    /// How many there are; nil where that is not told.
    let count: Int?

    var text: String { "\(names) (\(number)\(count.map { " of \($0)" } ?? ""))" }
  }

  private static let array = "SLURM_ARRAY_TASK"
  private static let known = [
    "\(array)_ID", "\(array)_COUNT", "\(array)_MIN", "\(array)_STEP", "SLURM_PROCID",
    "SLURM_NTASKS", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "PMI_RANK", "PMI_SIZE",
    "AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE", "JOB_COMPLETION_INDEX",
  ]

  private let variables: [String: String]

  /// An environment of these variables; others do not matter.
  package init(_ variables: [String: String]) { self.variables = variables }

  /// The variables of this process.
  static var current: [String: String] {
    known.reduce(into: [:]) { variables, name in
      variables[name] = getenv(name).map { String(cString: $0) }
    }
  }

  /// Which of the parts this process is to do.
  ///
  /// Slurm tells of an array and of a step, and an MPI started by it of its ranks: of those, one process among one says nothing.
  ///
  /// - Parameter given: how many parts there are, where the user says so.
  /// - Throws: `ValidationError` where nothing tells it, or unlike things do.
  package func shard(of given: Int?) throws -> Shard {
    let all = try sources()
    var telling = all.filter { $0.count != 1 }
    if telling.isEmpty { telling = Array(all.prefix(1)) }
    guard let first = telling.first else {
      throw ValidationError(
        "--shard auto: no variable of Slurm, Open MPI, PMI, AWS Batch or Kubernetes says which part to do; give "
          + "--shard I/N")
    }
    for other in telling.dropFirst()
    where other.number != first.number
      || (other.count ?? first.count) != (first.count ?? other.count)
    {
      throw ValidationError(
        "--shard auto: \(first.text) and \(other.text) contradict each other; give --shard I/N")
    }
    let told = telling.lazy.compactMap(\.count).first
    if let given, let told, given != told {
      throw ValidationError("--shard auto/\(given): \(first.text) says another number of parts")
    }
    guard let count = given ?? told else {
      throw ValidationError(
        "--shard auto: \(first.names) says which part to do and not of how many; give --shard auto/N"
      )
    }
    guard let shard = Shard(first.number, of: count) else {
      throw ValidationError(
        "--shard auto: \(first.names) says part \(first.number) of \(count), which there is not; an array has to be "
          + "numbered without gaps, or give --shard I/N")
    }
    return shard
  }

  private func sources() throws -> [Source] {
    var sources = [
      try source("SLURM_PROCID", "SLURM_NTASKS"),
      try source("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
      try source("PMI_RANK", "PMI_SIZE"),
      try source("AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE"),
      try source("JOB_COMPLETION_INDEX", nil),
    ].compactMap { $0 }
    if let place = try number("\(Self.array)_ID") {
      let step = try number("\(Self.array)_STEP") ?? 1
      let distance = place - (try number("\(Self.array)_MIN") ?? 0)
      guard step > 0, distance >= 0, distance % step == 0 else {
        throw ValidationError(
          "--shard auto: \(Self.array)_ID is \(place), which \(Self.array)_MIN and _STEP do not lead to; give "
            + "--shard I/N")
      }
      sources.insert(
        Source(
          names: "\(Self.array)_ID", number: distance / step + 1,
          count: try number("\(Self.array)_COUNT")), at: 0)
    }
    return sources
  }

  /// What a rank, counted from 0, and a size say; nil where there is no rank.
  private func source(_ rank: String, _ size: String?) throws -> Source? {
    guard let place = try number(rank) else { return nil }
    return Source(
      names: size.map { variables[$0] == nil ? rank : "\(rank)/\($0)" } ?? rank, number: place + 1,
      count: try size.flatMap { try number($0) })
  }

  /// A variable that is a number from 0; nil where it is not set.
  private func number(_ name: String) throws -> Int? {
    guard let text = variables[name] else { return nil }
    guard let number = Int(text), (0...Int(Int32.max)).contains(number) else {
      throw ValidationError(
        "--shard auto: \(name) is '\(text)', no number from 0; give --shard I/N")
    }
    return number
  }
}
