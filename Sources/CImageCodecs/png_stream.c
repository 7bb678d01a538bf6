// The chunks of a PNG that make its pixels, as a stream for libpng.
//
// What is not needed never reaches libpng, so that no fault in it can cost the picture: notes with a
// wrong checksum or length, profiles, a palette that is only a suggestion. A file that ends within
// its pixel data is handed over up to there: whether rows are missing shows when they are decoded.

#include "internal.h"

#include <string.h>

enum { signature_size = 8, head_size = 8, checksum_size = 4 };

typedef struct Chunk {
  const uint8_t *kind;
  const uint8_t *data;
  size_t length;  // of the data that are there
  int whole;      // the data and the checksum are there
} Chunk;

uint32_t codec_png_read_32(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static int chunk_at(const CodecInput *input, size_t at, Chunk *chunk) {
  if (at > input->count || input->count - at < head_size) return 0;
  const uint8_t *head = input->bytes + at;
  size_t claimed = codec_png_read_32(head), left = input->count - at - head_size;
  chunk->kind = head + 4;
  chunk->data = head + head_size;
  chunk->length = claimed < left ? claimed : left;
  chunk->whole = left >= checksum_size && claimed <= left - checksum_size;
  return 1;
}

static int is_kind(const Chunk *chunk, const char *kind) {
  return memcmp(chunk->kind, kind, 4) == 0;
}

static int has_name(const Chunk *chunk) {
  for (int index = 0; index < 4; index++) {
    uint8_t letter = chunk->kind[index] | 0x20;
    if (letter < 'a' || letter > 'z') return 0;
  }
  return 1;
}

static int is_ancillary(const Chunk *chunk) { return (chunk->kind[0] & 0x20) != 0; }

// Transparency of a form that the colour type can have.
static int is_usable_transparency(const Chunk *chunk, int colour_type) {
  switch (colour_type) {
    case 0: return chunk->length == 2;
    case 2: return chunk->length == 6;
    default: return colour_type == 3;
  }
}

// ImageMagick's way to keep EXIF data, from before there was a chunk for them.
static int is_exif_profile(const Chunk *chunk) {
  static const char *const keywords[] = {"Raw profile type exif", "Raw profile type APP1"};
  enum { largest = 1 << 20 };
  if (!is_kind(chunk, "tEXt") && !is_kind(chunk, "zTXt") && !is_kind(chunk, "iTXt")) return 0;
  for (int index = 0; index < 2; index++) {
    size_t size = strlen(keywords[index]) + 1;  // with the zero that ends it
    if (chunk->length > size && memcmp(chunk->data, keywords[index], size) == 0) {
      return chunk->length <= largest;
    }
  }
  return 0;
}

static int is_wanted(const CodecPNGStream *self, const Chunk *chunk) {
  if (is_kind(chunk, "IHDR") || is_kind(chunk, "IDAT") || is_kind(chunk, "IEND")) return 1;
  if (self->has_data) return 0;
  int colour_type = self->input.bytes[signature_size + head_size + 9];
  if (is_kind(chunk, "PLTE")) return colour_type == 3;
  if (is_kind(chunk, "tRNS")) return is_usable_transparency(chunk, colour_type);
  return self->wants_profile && is_exif_profile(chunk);
}

static int next_chunk(CodecPNGStream *self, Chunk *chunk, CodecMessage message) {
  for (; chunk_at(&self->input, self->position, chunk);
       self->position += head_size + chunk->length + checksum_size) {
    if (!has_name(chunk)) return codec_fail(message, CODEC_CORRUPT, "a chunk without a name");
    if (!chunk->whole && !is_kind(chunk, "IDAT")) break;
    if (is_wanted(self, chunk)) return CODEC_OK;
    if (!is_ancillary(chunk) && !is_kind(chunk, "PLTE")) {
      return codec_fail(message, CODEC_UNSUPPORTED, "a PNG that needs its %.4s chunk",
                        (const char *)chunk->kind);
    }
  }
  return codec_fail(message, CODEC_TRUNCATED, "%s", codec_png_cut_text);
}

const char codec_png_cut_text[] = "the file ends before the image does";

void codec_png_stream_start(CodecPNGStream *self, const CodecInput *input) {
  *self = (CodecPNGStream){.input = *input, .position = signature_size};
}

int codec_png_stream_read(CodecPNGStream *self, uint8_t *bytes, size_t count,
                          CodecMessage message) {
  if (self->left == 0) {
    Chunk chunk = {0};
    int status = next_chunk(self, &chunk, message);
    if (status != CODEC_OK) return status;
    // libpng reads the head of a chunk at once.
    if (count != head_size) return codec_fail(message, CODEC_CORRUPT, "a chunk out of step");
    self->has_data |= is_kind(&chunk, "IDAT");
    self->cut |= !chunk.whole;
    self->left = chunk.length + checksum_size;
    self->position += head_size;
    for (int index = 0; index < 4; index++) {
      bytes[index] = (uint8_t)((uint64_t)chunk.length >> (24 - 8 * index));
    }
    memcpy(bytes + 4, chunk.kind, 4);
    return CODEC_OK;
  }
  if (count > self->left) return codec_fail(message, CODEC_CORRUPT, "a chunk out of step");
  size_t there = self->input.count - self->position;  // less only for the checksum of a cut chunk
  if (there > count) there = count;
  memcpy(bytes, self->input.bytes + self->position, there);
  memset(bytes + there, 0, count - there);
  self->position += there;
  self->left -= count;
  return CODEC_OK;
}

uint32_t codec_png_orientation(const CodecInput *input) {
  Chunk chunk;
  for (size_t at = signature_size; chunk_at(input, at, &chunk) && chunk.whole;
       at += head_size + chunk.length + checksum_size) {
    if (is_kind(&chunk, "IEND")) break;
    if (!is_kind(&chunk, "eXIf")) continue;
    uint32_t orientation = codec_exif_orientation(chunk.data, chunk.length);
    if (orientation != 0) return orientation;
  }
  return 0;
}
