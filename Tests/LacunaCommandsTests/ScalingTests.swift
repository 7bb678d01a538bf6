import Files
import TestSupport
import Testing

/// The examples of Documentation/Scaling.md are run as they stand, by hand-set variables where an engine would set them.
@Suite struct ScalingTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.folder.link("images", to: place.path("fixtures/digits-holdout"))
    let trained = try place.run(
      "train fixtures/digits --epochs 1 --quiet --model semi-vae --set network=dense --set latent=2 "
        + "--set hidden=8 --levels 2 --output model.safetensors")
    #expect(trained.status == 0, "\(trained.errors)")
  }

  /// The n-th block of code in a section.
  private func block(_ section: String, _ number: Int = 0) throws -> String {
    let text = try Workplace.text("Documentation/Scaling.md")
    let start = try #require(text.firstRange(of: "## \(section)\n")).upperBound
    let blocks = text[start...].split(separator: "\n```", omittingEmptySubsequences: false)
    let block = try #require(blocks.dropFirst(1 + 2 * number).first)
    return block.split(separator: "\n").dropFirst().joined(separator: "\n") + "\n"
  }

  private func run(_ line: String) throws -> CommandRunner.Result {
    let result = try place.lacuna.shell(
      "unset SLURM_ARRAY_TASK_ID SLURM_PROCID SLURM_NTASKS OMPI_COMM_WORLD_RANK PMI_RANK; \(line)")
    #expect(result.status == 0, "\(line)\n\(result.errors)")
    return result
  }

  /// Whether a line of the shell succeeds here.
  fileprivate static func has(_ line: String) -> Bool {
    (try? Workplace().lacuna.shell(line).status == 0) ?? false
  }

  private func checkFeatures() throws {
    _ = try run("lacuna embed images --model model.safetensors --output one.csv --quiet")
    #expect(try place.bytes("features.csv") == place.bytes("one.csv"))
  }

  @Test func aSlurmArray() throws {
    try place.folder.write(try block("A Slurm array"), to: "array.sh")
    _ = try run(
      "for i in 0 1 2 3 4 5 6 7; do SLURM_ARRAY_TASK_ID=$i SLURM_ARRAY_TASK_MIN=0 "
        + "SLURM_ARRAY_TASK_COUNT=8 SLURM_CPUS_PER_TASK=1 bash array.sh || exit 1; done")
    let whole = try run(
      "lacuna evaluate imputation images --region center --model model.safetensors --samples 4")
    #expect(try run("lacuna merge part-*.json").output == whole.output)
  }

  @Test func aSlurmStep() throws {
    try place.folder.write(
      """
      #!/bin/bash
      shift 2
      for i in 0 1 2 3 4 5 6 7; do SLURM_PROCID=$i SLURM_NTASKS=8 "$@" || exit 1; done
      """, to: "srun")
    try place.folder.write(try block("A Slurm array", 1), to: "step.sh")
    _ = try run("chmod +x srun; PATH=\"$PWD:$PATH\" bash step.sh")
    try checkFeatures()
  }

  @Test(
    .enabled("GNU parallel is not here") {
      ScalingTests.has("parallel --version | grep -q 'GNU parallel'")
    })
  func parallel() throws {
    try place.folder.write(try block("GNU parallel"), to: "parallel.sh")
    _ = try run("bash parallel.sh")
    try checkFeatures()
  }

  @Test func aKubernetesJob() throws {
    let manifest = try block("A Kubernetes indexed job")
    let lines = manifest.split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex { $0.hasSuffix("- |") })
    let script = lines[(start + 1)...].prefix { $0.hasPrefix("              ") }
    #expect(manifest.contains("completions: 8\n") && manifest.contains("completionMode: Indexed\n"))
    try place.folder.write(script.joined(separator: "\n") + "\n", to: "pod.sh")
    _ = try run(
      "for i in 0 1 2 3 4 5 6 7; do JOB_COMPLETION_INDEX=$i /bin/sh pod.sh || exit 1; done")
    _ = try run(
      "lacuna impute images --region center --model model.safetensors --samples 2 --output filled")
    let whole = try place.files(below: "filled").filter { $0.key != "run.json" }
    _ = try run("lacuna merge part-? --output filled --overwrite")
    #expect(try place.files(below: "filled").filter { $0.key != "run.json" } == whole)
  }

  @Test(
    .enabled("pyspark is not here") {
      ScalingTests.has("python3 -c 'import pyspark' && command -v java")
    })
  func spark() throws {
    try place.folder.write(try block("Spark"), to: "job.py")
    let result = try run("PYSPARK_PYTHON=python3 python3 job.py images model.safetensors")
    #expect(result.output.contains("20 rows"))
    try checkFeatures()
  }

  /// The first lines of the page.
  @Test func theFirstExample() throws {
    let text = try Workplace.text("Documentation/Scaling.md")
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("    lacuna ") }
    #expect(lines.count == 4)
    for name in ["model.safetensors", "model.log.jsonl", "model.curve.png"] {
      try FileSystem.removeFile(place.path(name))
    }
    for line in lines { _ = try run(String(line)) }
    #expect(try place.completions("filled").count == 20)
  }
}
