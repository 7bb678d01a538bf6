/// Whether one text comes before another by its UTF-8 bytes, whatever the language of the machine.
package func precedesInBytes(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}
