/// The one typeface of contact sheets and plots: 5 x 7 pixels a character, 6 from one to the
/// next, ASCII 32 to 126.
///
/// Other characters appear as a question mark.
public enum BitmapFont {
  /// Columns of a glyph.
  public static let glyphWidth = 5

  /// Rows of a glyph.
  public static let glyphHeight = 7

  /// Rows of a line of text: a glyph and what hangs below it.
  public static let lineHeight = 9

  /// Columns from the start of one glyph to the start of the next.
  public static let advance = 6

  /// The columns that a text takes at a scale, without the gap after its last character.
  public static func width(of text: String, scale: Int = 1) -> Int {
    text.isEmpty ? 0 : (text.count * advance - 1) * scale
  }

  /// The text cut to so many columns, its end replaced by two dots when cut.
  public static func fitted(_ text: String, columns: Int, scale: Int = 1) -> String {
    if width(of: text, scale: scale) <= columns { return text }
    let room = (columns / scale + 1) / advance
    return room <= 2 ? String(text.prefix(max(room, 0))) : text.prefix(room - 2) + ".."
  }

  /// The pixels of a character that are inked, as column and row.
  static func inked(_ character: Character) -> [(x: Int, y: Int)] {
    let code = character.asciiValue.map { Int($0) } ?? 63
    let drop = "gpqy".contains(character) ? lineHeight - glyphHeight : 0
    let glyph = glyphs[(32...126).contains(code) ? code - 32 : 63 - 32]
    return (0..<glyphHeight).flatMap { y in
      (0..<glyphWidth).filter { glyph[y] & (0x10 >> UInt8($0)) != 0 }.map { (x: $0, y: y + drop) }
    }
  }
}
