import Platform
import Training

/// Turns SIGINT and SIGTERM into requests to stop.
enum Signals {
  /// What a signal raises: a handler can reach nothing but what is global.
  private static let flag = StopFlag()

  /// Where the process is asked to stop, from now on; the second signal ends it as usual.
  static func caught() -> StopFlag {
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Signals.flag.raise()
        signal(number, SIG_DFL)
      }
    }
    return flag
  }
}
