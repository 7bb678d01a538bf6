// The segments before the first scan of a JPEG, for the one that libjpeg does not read.

#include "internal.h"

#include <string.h>

uint32_t codec_jpeg_orientation(const uint8_t *bytes, size_t count) {
  enum { alone = 0x01, first_restart = 0xd0, start_of_image = 0xd8, end_of_image = 0xd9 };
  enum { start_of_scan = 0xda, application_1 = 0xe1 };
  size_t at = 2;  // past the start-of-image marker
  while (at < count && count - at >= 4) {
    uint8_t marker = bytes[at + 1];
    // Garbage and fill bytes up to the next marker, as libjpeg passes over them.
    if (bytes[at] != 0xff || marker == 0xff || marker == 0) {
      at += 1;
      continue;
    }
    if (marker == start_of_scan || marker == end_of_image) break;
    if (marker == alone || (marker >= first_restart && marker <= start_of_image)) {
      at += 2;
      continue;
    }
    size_t length = (size_t)bytes[at + 2] << 8 | bytes[at + 3];
    if (length < 2 || length > count - at - 2) break;
    const uint8_t *payload = bytes + at + 4;
    if (marker == application_1 && length >= 6 && memcmp(payload, "Exif", 4) == 0) {
      uint32_t orientation = codec_exif_orientation(payload, length - 2);
      if (orientation != 0) return orientation;
    }
    at += 2 + length;
  }
  return 1;
}
