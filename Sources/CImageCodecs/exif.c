// The one EXIF field that changes pixels: orientation. A bounded reader of the first TIFF directory;
// anything odd counts as absent, since a camera's notes must not cost the picture.

#include "internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct Span {
  const uint8_t *bytes;
  size_t count;
  int big_endian;
} Span;

static uint32_t read_16(Span span, size_t at) {
  uint32_t first = span.bytes[at], second = span.bytes[at + 1];
  return span.big_endian ? first << 8 | second : second << 8 | first;
}

static uint32_t read_32(Span span, size_t at) {
  uint32_t first = read_16(span, at), second = read_16(span, at + 2);
  return span.big_endian ? first << 16 | second : second << 16 | first;
}

// The value of a directory's entry of any whole type, 0 when it is none. The standard asks for
// SHORT; phones and editors write the others too, and the values 1 to 8 are the same if signed.
static uint32_t entry_value(Span tiff, size_t entry) {
  enum { byte = 1, unsigned_short = 3, unsigned_long = 4 };
  enum { signed_byte = 6, signed_short = 8, signed_long = 9 };
  if (read_32(tiff, entry + 4) != 1) return 0;
  switch (read_16(tiff, entry + 2)) {
    case byte:
    case signed_byte: return tiff.bytes[entry + 8];
    case unsigned_short:
    case signed_short: return read_16(tiff, entry + 8);
    case unsigned_long:
    case signed_long: return read_32(tiff, entry + 8);
    default: return 0;
  }
}

// `tiff` starts with the byte order, 42, and the offset of the first directory.
static uint32_t tiff_orientation(Span tiff) {
  enum { orientation_tag = 0x0112, header_size = 8, entry_size = 12 };
  if (tiff.count < header_size + 2) return 0;
  if (memcmp(tiff.bytes, "MM", 2) == 0) {
    tiff.big_endian = 1;
  } else if (memcmp(tiff.bytes, "II", 2) != 0) {
    return 0;
  }
  if (read_16(tiff, 2) != 42) return 0;
  size_t directory = read_32(tiff, 4);
  if (directory < header_size || directory > tiff.count - 2) return 0;
  size_t entries = read_16(tiff, directory);
  size_t room = (tiff.count - directory - 2) / entry_size;
  if (entries > room) entries = room;
  for (size_t index = 0; index < entries; index++) {
    size_t entry = directory + 2 + index * entry_size;
    if (read_16(tiff, entry) != orientation_tag) continue;
    uint32_t value = entry_value(tiff, entry);
    if (value >= 1 && value <= 8) return value;
  }
  return 0;
}

uint32_t codec_exif_orientation(const uint8_t *bytes, size_t count) {
  // JPEG puts "Exif" and two zeros before the TIFF header, PNG nothing; some writers put another
  // padding, or the word twice.
  while (count >= 4 && memcmp(bytes, "Exif", 4) == 0) {
    bytes += 4;
    count -= 4;
    for (int padding = 0; padding < 2 && count > 0 && (*bytes == 0 || *bytes > 'z'); padding++) {
      bytes++;
      count--;
    }
  }
  return tiff_orientation((Span){bytes, count, 0});
}

static int hexadecimal(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

uint32_t codec_exif_profile_orientation(const char *text, size_t count) {
  // A new line, the profile's name, its size in decimal, then lines of hexadecimal digits.
  size_t at = 0;
  while (at < count && text[at] == '\n') at++;
  for (int lines = 0; lines < 2; lines++) {
    while (at < count && text[at] != '\n') at++;
    at += at < count;
  }
  uint8_t *bytes = malloc((count - at) / 2 + 1);
  if (bytes == NULL) return 0;
  size_t digits = 0;
  for (; at < count; at++) {
    int digit = hexadecimal(text[at]);
    if (digit < 0) continue;
    uint8_t *byte = bytes + digits / 2;
    *byte = (uint8_t)(digits % 2 == 0 ? digit << 4 : *byte | digit);
    digits++;
  }
  uint32_t orientation = codec_exif_orientation(bytes, digits / 2);
  free(bytes);
  return orientation;
}
