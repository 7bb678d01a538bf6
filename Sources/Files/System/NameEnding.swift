/// What names of files end with.
package enum NameEnding {
  /// The first of some endings, given in small letters, that a name has; names may have capital ones.
  package static func first(
    of endings: [StaticString], in name: UnsafeBufferPointer<UInt8>
  ) -> StaticString? {
    endings.first { ending in
      let count = ending.utf8CodeUnitCount
      guard name.count > count else { return false }
      return (0..<count).allSatisfy { index in
        let byte = name[name.count - count + index]
        let lower = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
        return lower == ending.utf8Start[index]
      }
    }
  }

  /// The same of a name that is a text.
  package static func first(of endings: [StaticString], in name: String) -> StaticString? {
    var name = name
    return name.withUTF8 { first(of: endings, in: $0) }
  }
}
