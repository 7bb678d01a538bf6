// PNG to 8-bit pixels. Damage of any kind is an error: there is no half an image.

#include "internal.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

struct CodecPNG {
  png_structp png;
  png_infop info;
  CodecInput input;
  size_t position;
  int failure;  // set by the callbacks before they jump
  char text[CODEC_MESSAGE_CAPACITY];
  unsigned palette_count;  // 0 unless the image has a palette
  uint8_t palette[256][4];
};

static void on_error(png_structp png, png_const_charp text) {
  CodecPNG *self = png_get_error_ptr(png);
  if (self->failure == CODEC_OK) self->failure = CODEC_CORRUPT;
  strncpy(self->text, text, sizeof self->text - 1);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void on_read(png_structp png, png_bytep bytes, size_t count) {
  CodecPNG *self = png_get_io_ptr(png);
  if (count > self->input.count - self->position) {
    self->failure = CODEC_TRUNCATED;
    png_error(png, "the file ends before the image does");
  }
  memcpy(bytes, self->input.bytes + self->position, count);
  self->position += count;
}

static uint32_t big_endian_32(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

// Width, height, depth and colour type stand at fixed places, so the limits are checked before
// libpng starts.
static int check_head(CodecHeader *header, const CodecInput *input, CodecMessage message) {
  static const uint32_t components_of_type[7] = {1, 0, 3, 1, 2, 0, 4};
  if (input->count < 33) return codec_fail(message, CODEC_TRUNCATED, "the file ends in its header");
  const uint8_t *head = input->bytes + 8;
  if (big_endian_32(head) != 13 || memcmp(head + 4, "IHDR", 4) != 0) {
    return codec_fail(message, CODEC_CORRUPT, "the header is missing");
  }
  header->width = big_endian_32(head + 8);
  header->height = big_endian_32(head + 12);
  header->bit_depth = head[16];
  header->components = head[17] < 7 ? components_of_type[head[17]] : 0;
  if (header->width == 0 || header->height == 0) {
    return codec_fail(message, CODEC_CORRUPT, "an image of no pixels");
  }
  int status = codec_check_limits(input->limits, header->width, header->height, message);
  if (status != CODEC_OK) return status;
  // Deflate shrinks at most about 1032 times: a short file cannot hold a large image, so none is
  // allocated.
  uint64_t row_bits = (uint64_t)header->width * header->components * header->bit_depth;
  uint64_t raw_bytes = (row_bits + 7) / 8 * header->height;
  if (raw_bytes / 1100 > input->count) {
    return codec_fail(message, CODEC_TRUNCATED, "%zu bytes cannot hold %lu x %lu pixels",
                      input->count, (unsigned long)header->width, (unsigned long)header->height);
  }
  return CODEC_OK;
}

// Copies the palette and finds the fewest channels that hold its colours.
static void load_palette(CodecPNG *self, CodecHeader *header) {
  png_colorp colours = NULL;
  int count = 0;
  png_get_PLTE(self->png, self->info, &colours, &count);
  png_bytep alphas = NULL;
  int alpha_count = 0;
  if (png_get_valid(self->png, self->info, PNG_INFO_tRNS)) {
    png_get_tRNS(self->png, self->info, &alphas, &alpha_count, NULL);
  }
  if (colours == NULL || count <= 0 || count > 256)
    png_error(self->png, "a palette image without palette");
  int coloured = 0, transparent = 0;
  for (int index = 0; index < count; index++) {
    uint8_t *entry = self->palette[index];
    entry[0] = colours[index].red;
    entry[1] = colours[index].green;
    entry[2] = colours[index].blue;
    entry[3] = alphas != NULL && index < alpha_count ? alphas[index] : 255;
    coloured |= entry[0] != entry[1] || entry[1] != entry[2];
    transparent |= entry[3] != 255;
  }
  self->palette_count = (unsigned)count;
  header->channels = (coloured ? 3 : 1) + (transparent ? 1 : 0);
  header->flags |= CODEC_FLAG_PALETTE | (transparent ? CODEC_FLAG_ALPHA : 0);
}

// Asks libpng for 8-bit samples, and tells how many channels they will have.
static void choose_transforms(CodecPNG *self, CodecHeader *header) {
  int colour_type = png_get_color_type(self->png, self->info);
  if (png_get_interlace_type(self->png, self->info) != PNG_INTERLACE_NONE) {
    header->flags |= CODEC_FLAG_INTERLACED;
  }
  if (colour_type == PNG_COLOR_TYPE_PALETTE) {
    png_set_packing(
        self->png);  // one index a byte; the palette is applied here, with its range checked
    load_palette(self, header);
    return;
  }
  int alpha = (colour_type & PNG_COLOR_MASK_ALPHA) != 0;
  if (png_get_bit_depth(self->png, self->info) < 8) png_set_expand_gray_1_2_4_to_8(self->png);
  if (png_get_bit_depth(self->png, self->info) == 16) png_set_scale_16(self->png);
  if (!alpha && png_get_valid(self->png, self->info, PNG_INFO_tRNS)) {
    png_set_tRNS_to_alpha(self->png);
    alpha = 1;
  }
  header->channels = (colour_type & PNG_COLOR_MASK_COLOR ? 3 : 1) + (alpha ? 1 : 0);
  header->flags |= alpha ? CODEC_FLAG_ALPHA : 0;
}

int codec_png_open(CodecPNG **png, CodecHeader *header, const CodecInput *input,
                   CodecMessage message) {
  int status = check_head(header, input, message);
  if (status != CODEC_OK) return status;
  CodecPNG *self = calloc(1, sizeof *self);
  if (self == NULL) return codec_fail(message, CODEC_OUT_OF_MEMORY, "out of memory");
  *png = self;  // the caller closes it also on failure
  self->input = *input;
  self->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, self, on_error, on_warning);
  if (self->png != NULL) self->info = png_create_info_struct(self->png);
  if (self->info == NULL) return codec_fail(message, CODEC_OUT_OF_MEMORY, "out of memory");
  if (setjmp(png_jmpbuf(self->png))) {
    return codec_fail(message, self->failure, "%s", self->text);
  }
  png_set_read_fn(self->png, self, on_read);
  png_set_crc_action(self->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_user_limits(self->png, input->limits.max_side, input->limits.max_side);
  // Only IHDR, PLTE, tRNS, IDAT and IEND matter; skipping the others also bounds their memory.
  png_set_keep_unknown_chunks(self->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_chunk_cache_max(self->png, 16);
  png_set_chunk_malloc_max(self->png, 8u << 20);
  png_read_info(self->png, self->info);
  choose_transforms(self, header);
  return CODEC_OK;
}

// Replaces each row of indices by its colours, from the right so that no index is overwritten
// unread.
static void apply_palette(CodecPNG *self, uint8_t *pixels, const CodecHeader *header) {
  uint32_t channels = header->channels;
  int alpha = (header->flags & CODEC_FLAG_ALPHA) != 0;
  for (uint32_t y = 0; y < header->height; y++) {
    uint8_t *row = pixels + (size_t)y * header->width * channels;
    for (uint32_t x = header->width; x-- > 0;) {
      uint8_t index = row[x];
      if (index >= self->palette_count)
        png_error(self->png, "a colour that the palette does not have");
      const uint8_t *entry = self->palette[index];
      uint8_t *pixel = row + (size_t)x * channels;
      for (uint32_t channel = 0; channel < channels - alpha; channel++)
        pixel[channel] = entry[channel];
      if (alpha) pixel[channels - 1] = entry[3];
    }
  }
}

int codec_png_read(uint8_t *pixels, CodecPNG *self, const CodecHeader *header,
                   CodecMessage message) {
  if (setjmp(png_jmpbuf(self->png))) {
    return codec_fail(message, self->failure, "%s", self->text);
  }
  int passes = png_set_interlace_handling(self->png);
  png_read_update_info(self->png, self->info);
  size_t stride = (size_t)header->width * header->channels;
  size_t expected = self->palette_count > 0 ? header->width : stride;
  if (png_get_rowbytes(self->png, self->info) != expected) {
    png_error(self->png, "the rows are not of the size that the header says");
  }
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t y = 0; y < header->height; y++) {
      png_read_row(self->png, pixels + y * stride, NULL);
    }
  }
  png_read_end(self->png, NULL);
  if (self->palette_count > 0) apply_palette(self, pixels, header);
  return CODEC_OK;
}

void codec_png_close(CodecPNG *self) {
  if (self == NULL) return;
  if (self->png != NULL) png_destroy_read_struct(&self->png, &self->info, NULL);
  free(self);
}
