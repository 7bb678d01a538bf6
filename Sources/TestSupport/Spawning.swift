import Files
import Platform

/// Starting a process with its streams in files.
enum Spawning {
  /// Starts a program in a directory; its input is empty, and its help is 80 columns wide.
  static func spawn(
    _ program: String, _ arguments: [String], directory: String, output: String, errors: String
  ) throws(FileError) -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0o600)

    // Not every system can change the directory while spawning; the shell can, and then makes way.
    let shell = "/bin/sh"
    let line = [shell, "-c", "cd \"$0\" && exec \"$@\"", directory, program] + arguments
    // Threads of the test runner block signals, and a process would inherit that.
    #if canImport(Darwin)
      var attributes: posix_spawnattr_t?
    #else
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    let environment =
      inheritedEnvironment.filter { !$0.hasPrefix("COLUMNS=") } + ["COLUMNS=80"]
    var process: pid_t = 0
    let code = withCStrings(line) { argumentPointers in
      withCStrings(environment) { environmentPointers in
        posix_spawn(
          &process, shell, &actions, &attributes, argumentPointers, environmentPointers)
      }
    }
    guard code == 0 else { throw FileError(path: program, action: .open, code: code) }
    return process
  }

  private static var inheritedEnvironment: [String] {
    var result: [String] = []
    var next = environ
    while let entry = next.pointee {
      result.append(String(cString: entry))
      next += 1
    }
    return result
  }

  /// Texts as the null-ended array that C takes.
  private static func withCStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = texts.map { strdup($0) }
    defer { pointers.forEach { free($0) } }
    return body(pointers + [nil])
  }
}
