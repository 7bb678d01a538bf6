// The names of common formats that are not decoded, by their first bytes: a file of another kind is
// not a damaged one, and whoever reads its name knows what to do.

#include "internal.h"

#include <string.h>

typedef struct Format {
  const char *name;
  int status;
  size_t size;
  const char *magic;
} Format;

#define IMAGE(name, magic) {name, CODEC_OTHER_FORMAT, sizeof(magic) - 1, magic}
#define ARCHIVE(name, magic) {name, CODEC_ARCHIVE, sizeof(magic) - 1, magic}

static const Format formats[] = {
    IMAGE("a GIF image", "GIF87a"),
    IMAGE("a GIF image", "GIF89a"),
    IMAGE("a JPEG XR image", "II\xbc"),
    IMAGE("a TIFF image", "II*\0"),
    IMAGE("a TIFF image", "MM\0*"),
    IMAGE("a TIFF image", "II+\0"),
    IMAGE("a TIFF image", "MM\0+"),
    IMAGE("a JPEG XL image", "\xff\x0a"),
    IMAGE("a JPEG XL image", "\0\0\0\x0cJXL \r\n\x87\n"),
    IMAGE("a JPEG 2000 image", "\0\0\0\x0cjP  \r\n\x87\n"),
    IMAGE("a JPEG 2000 image", "\xff\x4f\xff\x51"),
    IMAGE("a Photoshop document", "8BPS\0"),
    IMAGE("an MNG animation", "\x8aMNG\r\n\x1a\n"),
    IMAGE("a JNG image", "\x8bJNG\r\n\x1a\n"),
    IMAGE("a QOI image", "qoif"),
    IMAGE("an OpenEXR image", "v/1\x01"),
    IMAGE("a Radiance HDR image", "#?RADIANCE"),
    IMAGE("a DDS texture", "DDS |\0\0\0"),
    IMAGE("a GIMP image", "gimp xcf "),
    IMAGE("a FITS image", "SIMPLE  ="),
    IMAGE("a PDF document", "%PDF-"),
    IMAGE("a Windows icon", "\0\0\x01\0"),
    IMAGE("a NumPy array", "\x93NUMPY"),
    ARCHIVE("a gzip file", "\x1f\x8b\x08"),
    ARCHIVE("a bzip2 file", "BZh"),
    ARCHIVE("an xz file", "\xfd\x37zXZ\0"),
    ARCHIVE("a Zstandard file", "\x28\xb5\x2f\xfd"),
    ARCHIVE("a ZIP archive", "PK\x03\x04"),
    ARCHIVE("a 7-Zip archive", "7z\xbc\xaf\x27\x1c"),
};

static const char *by_magic(const uint8_t *bytes, size_t count, int *status) {
  for (size_t index = 0; index < sizeof formats / sizeof formats[0]; index++) {
    const Format *format = &formats[index];
    if (count < format->size || memcmp(bytes, format->magic, format->size) != 0) continue;
    *status = format->status;
    return format->name;
  }
  return NULL;
}

// RIFF files and ISO media files (a "ftyp" box with brands) say which kind they are further on.
static const char *by_container(const uint8_t *bytes, size_t count) {
  if (count >= 12 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0) {
    return "a WebP image";
  }
  if (count < 12 || memcmp(bytes + 4, "ftyp", 4) != 0) return NULL;
  static const char *const brands[][2] = {
      {"avif", "an AVIF image"}, {"avis", "an AVIF image"}, {"heic", "a HEIC image"},
      {"heix", "a HEIC image"},  {"heim", "a HEIC image"},  {"heis", "a HEIC image"},
      {"hevc", "a HEIC image"},  {"hevx", "a HEIC image"},  {"jxl ", "a JPEG XL image"},
      {"jp2 ", "a JPEG 2000 image"}, {"mif1", "a HEIF image"}, {"msf1", "a HEIF image"},
      {"crx ", "a Canon raw image"}, {"qt  ", "a QuickTime film"},
      {"isom", "an MP4 film"},   {"mp42", "an MP4 film"},
  };
  size_t size = (size_t)bytes[2] << 8 | bytes[3];
  if (size > count) size = count;
  // The major brand and the compatible ones; the more telling names stand first above.
  for (size_t index = 0; index < sizeof brands / sizeof brands[0]; index++) {
    for (size_t at = 8; at + 4 <= size; at += at == 8 ? 8 : 4) {
      if (memcmp(bytes + at, brands[index][0], 4) == 0) return brands[index][1];
    }
  }
  return "an ISO media file";
}

// Two letters are little: the header must look right as well.
static const char *by_header(const uint8_t *bytes, size_t count) {
  if (count >= 18 && memcmp(bytes, "BM", 2) == 0 && memcmp(bytes + 6, "\0\0\0\0", 4) == 0 &&
      bytes[14] >= 12 && bytes[14] <= 124 && memcmp(bytes + 15, "\0\0\0", 3) == 0) {
    return "a BMP image";
  }
  if (count >= 3 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '7' &&
      (bytes[2] == '\n' || bytes[2] == ' ' || bytes[2] == '\r' || bytes[2] == '\t')) {
    return "a Netpbm image";
  }
  return NULL;
}

static int starts_with(const uint8_t *bytes, size_t count, const char *word) {
  size_t size = strlen(word);
  return count >= size && memcmp(bytes, word, size) == 0;
}

// SVG is XML: a declaration, comments and a document type may stand before the element.
static const char *by_markup(const uint8_t *bytes, size_t count) {
  enum { looked_at = 4096 };
  if (count > looked_at) count = looked_at;
  size_t at = starts_with(bytes, count, "\xef\xbb\xbf") ? 3 : 0;
  while (at < count && (bytes[at] == ' ' || (bytes[at] >= '\t' && bytes[at] <= '\r'))) at++;
  if (at == count || bytes[at] != '<') return NULL;
  for (; at < count; at++) {
    if (starts_with(bytes + at, count - at, "<html")) return NULL;
    if (starts_with(bytes + at, count - at, "<svg")) return "an SVG drawing";
    if (starts_with(bytes + at, count - at, "<svg:svg")) return "an SVG drawing";
  }
  return NULL;
}

const char *codec_other_format(const uint8_t *bytes, size_t count, int *status) {
  *status = CODEC_OTHER_FORMAT;
  const char *name = by_magic(bytes, count, status);
  if (name == NULL) name = by_container(bytes, count);
  if (name == NULL) name = by_header(bytes, count);
  if (name == NULL) name = by_markup(bytes, count);
  if (name == NULL) *status = CODEC_UNKNOWN_FORMAT;
  return name;
}
