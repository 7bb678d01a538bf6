import LacunaCommands

@main
enum Main {
  static func main() { LacunaProgram.run() }
}
