import Platform
import Training

/// Turns SIGINT, SIGTERM and SIGHUP into requests to stop.
enum Signals {
  /// What a signal raises: a handler can reach nothing but what is global.
  private static let flag = StopFlag()

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Where the process is asked to stop, from now on; the second signal ends it as usual.
  static func caught() -> StopFlag {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      // Who started this under nohup wants it to outlive its terminal.
      if number == SIGHUP, isIgnored(number) { continue }
      signal(number) { number in
        Signals.flag.raise()
        signal(number, SIG_DFL)
      }
    }
    return flag
  }
}
