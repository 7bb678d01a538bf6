// The one EXIF field that changes pixels: orientation. A bounded reader of JPEG segments and of the
// first TIFF directory; anything odd counts as "upright", since a camera's notes must not cost the
// picture.

#include "internal.h"

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

// `tiff` is what follows "Exif\0\0": byte order, 42, offset of the first directory.
static uint32_t tiff_orientation(Span tiff) {
  enum { orientation_tag = 0x0112, type_short = 3, entry_size = 12 };
  if (tiff.count < 8) return 1;
  if (memcmp(tiff.bytes, "MM", 2) == 0) {
    tiff.big_endian = 1;
  } else if (memcmp(tiff.bytes, "II", 2) != 0) {
    return 1;
  }
  if (read_16(tiff, 2) != 42) return 1;
  size_t directory = read_32(tiff, 4);
  if (directory > tiff.count - 2) return 1;
  size_t entries = read_16(tiff, directory);
  size_t room = (tiff.count - directory - 2) / entry_size;
  if (entries > room) entries = room;
  for (size_t index = 0; index < entries; index++) {
    size_t entry = directory + 2 + index * entry_size;
    if (read_16(tiff, entry) != orientation_tag) continue;
    if (read_16(tiff, entry + 2) != type_short || read_32(tiff, entry + 4) != 1) return 1;
    uint32_t value = read_16(tiff, entry + 8);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

uint32_t codec_jpeg_orientation(const uint8_t *bytes, size_t count) {
  enum { start_of_scan = 0xda, end_of_image = 0xd9, application_1 = 0xe1 };
  Span file = {bytes, count, 1};
  size_t at = 2;  // past the start-of-image marker
  while (at < count && count - at >= 4) {
    if (bytes[at] != 0xff) return 1;
    uint8_t marker = bytes[at + 1];
    if (marker == 0xff) {  // a fill byte
      at += 1;
      continue;
    }
    if (marker == start_of_scan || marker == end_of_image) return 1;
    size_t length = read_16(file, at + 2);
    if (length < 2 || length > count - at - 2) return 1;
    const uint8_t *payload = bytes + at + 4;
    size_t payload_count = length - 2;
    if (marker == application_1 && payload_count > 6 && memcmp(payload, "Exif\0\0", 6) == 0) {
      return tiff_orientation((Span){payload + 6, payload_count - 6, 0});
    }
    at += 2 + length;
  }
  return 1;
}
