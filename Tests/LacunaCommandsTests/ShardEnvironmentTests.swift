import LacunaCommands
import Tasks
import TestSupport
import Testing

/// `--shard auto` asks those who start many processes.
@Suite struct ShardEnvironmentTests {
  private func shard(_ variables: [String: String], of count: Int? = nil) throws -> String {
    try ShardEnvironment(variables).shard(of: count).description
  }

  private func refusal(_ variables: [String: String], of count: Int? = nil) -> String {
    do { return try shard(variables, of: count) } catch { return "\(error)" }
  }

  @Test func eachWayOfTelling() throws {
    let array = [
      "SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_MIN": "3", "SLURM_ARRAY_TASK_COUNT": "5",
    ]
    #expect(try shard(array) == "5/5")
    #expect(try shard(array.merging(["SLURM_ARRAY_TASK_STEP": "2"]) { $1 }) == "3/5")
    #expect(try shard(["SLURM_ARRAY_TASK_ID": "0", "SLURM_ARRAY_TASK_COUNT": "2"]) == "1/2")
    #expect(try shard(["SLURM_PROCID": "0", "SLURM_NTASKS": "4"]) == "1/4")
    #expect(try shard(["OMPI_COMM_WORLD_RANK": "3", "OMPI_COMM_WORLD_SIZE": "4"]) == "4/4")
    #expect(try shard(["PMI_RANK": "1", "PMI_SIZE": "3"]) == "2/3")
    #expect(
      try shard(["AWS_BATCH_JOB_ARRAY_INDEX": "1", "AWS_BATCH_JOB_ARRAY_SIZE": "9"]) == "2/9")
    #expect(try shard(["AWS_BATCH_JOB_ARRAY_INDEX": "1"], of: 9) == "2/9")
    #expect(try shard(["JOB_COMPLETION_INDEX": "7"], of: 8) == "8/8")
  }

  /// An array of jobs of one task each has a step of one task, too.
  @Test func aProcessByItselfSaysNothing() throws {
    let array = [
      "SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_COUNT": "5",
    ]
    #expect(try shard(array.merging(["SLURM_PROCID": "0", "SLURM_NTASKS": "1"]) { $1 }) == "2/5")
    #expect(try shard(["SLURM_PROCID": "0", "SLURM_NTASKS": "1"]) == "1/1")
    let ranks = ["SLURM_PROCID": "2", "SLURM_NTASKS": "4", "PMI_RANK": "2", "PMI_SIZE": "4"]
    #expect(try shard(ranks) == "3/4")
  }

  @Test func whatIsNotToldOrContradicts() {
    #expect(refusal([:]).contains("no variable of Slurm"))
    #expect(refusal(["JOB_COMPLETION_INDEX": "1"]).contains("give --shard auto/N"))
    #expect(refusal(["JOB_COMPLETION_INDEX": "8"], of: 8).contains("part 9 of 8"))
    #expect(refusal(["JOB_COMPLETION_INDEX": "x"], of: 8).contains("is 'x', no number"))
    #expect(refusal(["JOB_COMPLETION_INDEX": "-1"], of: 8).contains("is '-1', no number"))
    #expect(
      refusal(["SLURM_PROCID": "1", "SLURM_NTASKS": "4"], of: 8)
        .contains("SLURM_PROCID/SLURM_NTASKS (2 of 4) says another number"))
    #expect(
      refusal([
        "SLURM_PROCID": "0", "SLURM_NTASKS": "2", "OMPI_COMM_WORLD_RANK": "3",
        "OMPI_COMM_WORLD_SIZE": "4",
      ]).contains("contradict each other; give --shard I/N"))
    #expect(
      refusal([
        "SLURM_ARRAY_TASK_ID": "9", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_COUNT": "3",
      ]).contains("part 9 of 3"))
    #expect(
      refusal([
        "SLURM_ARRAY_TASK_ID": "4", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_COUNT": "3",
        "SLURM_ARRAY_TASK_STEP": "2",
      ]).contains("do not lead to"))
  }

  /// The variables are those of the process.
  @Test func theEnvironmentIsAsked() throws {
    let place = try Workplace()
    try place.trainAutoencoder()
    let line = "lacuna embed fixtures/digits-holdout --model encoder.safetensors --quiet"
    let asked = try place.lacuna.shell(
      "SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=2 "
        + "\(line) --shard auto --output auto.csv && \(line) --shard 2/2 --output two.csv")
    #expect(asked.status == 0, "\(asked.errors)")
    #expect(try place.bytes("auto.csv") == place.bytes("two.csv"))
    let none = try place.lacuna.shell(
      "unset SLURM_ARRAY_TASK_ID SLURM_PROCID OMPI_COMM_WORLD_RANK PMI_RANK; "
        + "\(line) --shard auto --output none.csv")
    #expect(none.status == 64 && none.errors.contains("no variable of Slurm"))
  }
}
