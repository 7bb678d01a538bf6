// Whether the rows of a JPEG without an end marker are its own.
//
// Huffman codes have no checksum: where rows are lost, whatever stands in their place, a trailer or
// the zeros of an unfinished copy, decodes to some rows too. But an encoder fills the last byte of
// its data with ones, and bytes that were taken for data end anywhere. So the last byte that the
// rows need is found, by decoding ever shorter beginnings of the file, and its last bits are looked
// at: they are ones, or flipping the first zero changes the picture. Few files come this way.

#include "internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct Trial {
  CodecLimits limits;
  const CodecHeader *header;
  uint8_t *pixels;
  size_t pixel_count;
} Trial;

static int decodes(const Trial *trial, const uint8_t *bytes, size_t count) {
  CodecMessage silent = {NULL, 0};
  CodecInput input = {.bytes = bytes, .count = count, .limits = trial->limits, .is_trial = 1};
  CodecHeader header = {0};
  CodecJPEG *jpeg = NULL;
  int status = codec_jpeg_open(&jpeg, &header, &input, silent);
  if (status == CODEC_OK) status = codec_jpeg_read(trial->pixels, jpeg, trial->header, silent);
  codec_jpeg_close(jpeg);
  return status == CODEC_OK;
}

// A run of equal bytes has no end of data in its midst.
static int is_in_run(const CodecInput *input, size_t end) {
  enum { before = 4, after = 4 };
  if (end < before || input->count - end < after) return 0;
  for (size_t at = end - before; at < end + after; at++) {
    if (input->bytes[at] != input->bytes[end]) return 0;
  }
  return 1;
}

static int data_end_here(const Trial *trial, const CodecInput *input, uint8_t *bytes, size_t end,
                         const uint8_t *pixels) {
  enum { read_ahead = 16 };  // libjpeg reads at most so many bytes more than it needs
  for (int tries = 0; tries < read_ahead && end > 2 && decodes(trial, bytes, end - 1); tries++) {
    end--;
  }
  if (is_in_run(input, end)) return 0;
  uint8_t *last = &bytes[end - 1];
  if (*last == 0 && bytes[end - 2] == 0xff) return 1;  // a byte of ones, stuffed
  uint8_t bit = 1;
  while (*last & bit) bit = (uint8_t)(bit << 1);
  // The last code of a progressive scan is a count, of which other values mean the same.
  if (bit > 1 && trial->header->flags & CODEC_FLAG_INTERLACED) return 1;
  *last |= bit;
  return !decodes(trial, bytes, end) || memcmp(trial->pixels, pixels, trial->pixel_count) != 0;
}

// Whether the data end at `end`, by the end of the file or a marker, or lead to the end marker.
static int ends_properly(const CodecInput *input, size_t end) {
  enum { end_of_image = 0xd9 };
  const uint8_t *bytes = input->bytes;
  for (size_t at = end; input->count - at >= 2; at++) {
    if (bytes[at] != 0xff || bytes[at + 1] == 0 || bytes[at + 1] == 0xff) continue;
    return at == end || bytes[at + 1] == end_of_image;
  }
  return end == input->count;
}

int codec_jpeg_has_own_rows(const CodecInput *input, size_t end, const uint8_t *pixels,
                            const CodecHeader *header) {
  if (ends_properly(input, end)) return 1;
  Trial trial = {.limits = input->limits, .header = header};
  trial.pixel_count = (size_t)header->width * header->height * header->channels;
  trial.pixels = malloc(trial.pixel_count);
  uint8_t *bytes = malloc(end);
  int is_end = 0;
  if (trial.pixels != NULL && bytes != NULL) {
    memcpy(bytes, input->bytes, end);
    is_end = data_end_here(&trial, input, bytes, end, pixels);
  }
  free(trial.pixels);
  free(bytes);
  return is_end;
}
