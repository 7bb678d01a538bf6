/// An opaque colour in 8-bit sRGB.
public struct Colour: Equatable, Hashable, Sendable {
  /// The share of red, 0...255.
  public var red: UInt8

  /// The share of green, 0...255.
  public var green: UInt8

  /// The share of blue, 0...255.
  public var blue: UInt8

  /// A colour of these shares.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// A level of grey.
  public init(grey: UInt8) {
    self.init(red: grey, green: grey, blue: grey)
  }

  /// Black.
  public static let black = Colour(grey: 0)

  /// White.
  public static let white = Colour(grey: 255)

  /// What holes are painted with: a vermilion that no grey image has.
  public static let hole = Colour(red: 213, green: 94, blue: 0)

  /// Eight colours that stay apart for people with any kind of colour vision (after Okabe and Ito).
  public static let distinct: [Colour] = [
    Colour(red: 0, green: 114, blue: 178), Colour(red: 213, green: 94, blue: 0),
    Colour(red: 0, green: 158, blue: 115), Colour(red: 204, green: 121, blue: 167),
    Colour(red: 230, green: 159, blue: 0), Colour(red: 86, green: 180, blue: 233),
    Colour(red: 0, green: 0, blue: 0), Colour(red: 240, green: 228, blue: 66),
  ]

  /// The same, and four that are easily told from them by most people.
  public static let many: [Colour] =
    distinct + [
      Colour(red: 140, green: 86, blue: 75), Colour(red: 106, green: 61, blue: 154),
      Colour(red: 128, green: 128, blue: 128), Colour(red: 154, green: 205, blue: 50),
    ]

  /// Red, green, blue.
  public var samples: [UInt8] { [red, green, blue] }
}
