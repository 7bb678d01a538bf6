/// Names that `String` takes for equal although their bytes differ.
public enum UnicodeForms {
  /// Pairs of such names: composed and decomposed letters, signs with letters of their own, syllables,
  /// marks in another order.
  public static let pairs: [(String, String)] = [
    ("caf\u{e9}", "cafe\u{301}"), ("K", "\u{212a}"), ("\u{c5}", "\u{212b}"),
    ("\u{3a9}", "\u{2126}"), ("\u{d55c}", "\u{1112}\u{1161}\u{11ab}"),
    ("a\u{323}\u{307}", "a\u{307}\u{323}"),
  ]
}
