import TestSupport

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What the program says of its commands and their options.
struct CommandTree: Decodable {
  /// A command.
  struct Command: Decodable {
    let commandName: String
    let superCommands: [String]?
    let subcommands: [Command]?
    let arguments: [Option]?

    /// The words after the program's name.
    var words: [String] { (superCommands ?? []).dropFirst() + [commandName] }

    /// This one or those below that do something.
    var leaves: [Command] {
      guard let subcommands, !subcommands.isEmpty else { return [self] }
      return subcommands.filter { $0.commandName != "help" }.flatMap(\.leaves)
    }
  }

  /// An option, a flag or an argument.
  struct Option: Decodable {
    struct Name: Decodable { let name: String }

    let kind: String
    let preferredName: Name?
    let abstract: String?
  }

  let command: Command

  /// Every command that does something.
  static func commands(_ lacuna: CommandRunner) throws -> [Command] {
    let dump = try lacuna.run("--experimental-dump-help")
    return try JSONDecoder().decode(CommandTree.self, from: Data(dump.output.utf8)).command.leaves
  }
}
