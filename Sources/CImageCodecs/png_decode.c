// PNG to 8-bit pixels. Damage that costs pixels is an error: there is no half an image. Whatever is
// wrong once all rows are there costs none.

#include "internal.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

struct CodecPNG {
  png_structp png;
  png_infop info;
  CodecPNGStream stream;
  int failure;  // set by the callbacks before they jump
  char text[CODEC_MESSAGE_CAPACITY];
  unsigned palette_count;  // 0 unless the image has a palette
  uint8_t palette[256][4];
};

static void on_error(png_structp png, png_const_charp text) {
  CodecPNG *self = png_get_error_ptr(png);
  int missing = self->stream.cut || strcmp(text, "Not enough image data") == 0;
  self->failure = missing ? CODEC_TRUNCATED : CODEC_CORRUPT;
  strncpy(self->text, self->stream.cut ? codec_png_cut_text : text, sizeof self->text - 1);
  png_longjmp(png, 1);
}

// Of the chunks that libpng sees, transparency alone is one that it would leave out over its
// checksum; but the pixels are not the same without it.
static void on_warning(png_structp png, png_const_charp text) {
  if (strcmp(text, "tRNS: CRC error") == 0) on_error(png, text);
}

static void on_read(png_structp png, png_bytep bytes, size_t count) {
  CodecPNG *self = png_get_io_ptr(png);
  CodecMessage message = {self->text, sizeof self->text};
  self->failure = codec_png_stream_read(&self->stream, bytes, count, message);
  if (self->failure != CODEC_OK) png_longjmp(png, 1);
}

// Width, height, depth and colour type stand at fixed places, so the limits are checked before
// libpng starts.
static int check_head(CodecHeader *header, const CodecInput *input, CodecMessage message) {
  static const uint32_t components_of_type[7] = {1, 0, 3, 1, 2, 0, 4};
  if (input->count < 33) return codec_fail(message, CODEC_TRUNCATED, "the file ends in its header");
  const uint8_t *head = input->bytes + 8;
  if (memcmp(head + 4, "CgBI", 4) == 0) {
    return codec_fail(message, CODEC_UNSUPPORTED, "Apple's CgBI PNG");
  }
  if (codec_png_read_32(head) != 13 || memcmp(head + 4, "IHDR", 4) != 0) {
    return codec_fail(message, CODEC_CORRUPT, "the header is missing");
  }
  header->width = codec_png_read_32(head + 8);
  header->height = codec_png_read_32(head + 12);
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

// The orientation in EXIF data that were kept as text, 0 when there are none.
static uint32_t profile_orientation(CodecPNG *self) {
  png_textp texts = NULL;
  int count = 0;
  png_get_text(self->png, self->info, &texts, &count);
  for (int index = 0; index < count; index++) {
    const png_text *text = &texts[index];
    size_t size = text->itxt_length > 0 ? text->itxt_length : text->text_length;
    uint32_t orientation = codec_exif_profile_orientation(text->text, size);
    if (orientation != 0) return orientation;
  }
  return 0;
}

static void set_up(CodecPNG *self, CodecLimits limits) {
  png_set_read_fn(self->png, self, on_read);
  png_set_sig_bytes(self->png, 8);
  png_set_crc_action(self->png, PNG_CRC_ERROR_QUIT, PNG_CRC_WARN_DISCARD);
  png_set_benign_errors(self->png, 1);
  // The window that the header names is often wrong, and the largest fits all.
  png_set_option(self->png, PNG_MAXIMUM_INFLATE_WINDOW, PNG_OPTION_ON);
#ifdef PNG_IGNORE_ADLER32
  png_set_option(self->png, PNG_IGNORE_ADLER32, PNG_OPTION_ON);  // each chunk has a checksum too
#endif
  png_set_user_limits(self->png, limits.max_side, limits.max_side);
  png_set_chunk_cache_max(self->png, 16);
  png_set_chunk_malloc_max(self->png, 8u << 20);
}

int codec_png_open(CodecPNG **png, CodecHeader *header, const CodecInput *input,
                   CodecMessage message) {
  int status = check_head(header, input, message);
  if (status != CODEC_OK) return status;
  CodecPNG *self = calloc(1, sizeof *self);
  if (self == NULL) return codec_fail(message, CODEC_OUT_OF_MEMORY, "out of memory");
  *png = self;  // the caller closes it also on failure
  uint32_t orientation = codec_png_orientation(input);
  codec_png_stream_start(&self->stream, input);
  self->stream.wants_profile = orientation == 0;
  self->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, self, on_error, on_warning);
  if (self->png != NULL) self->info = png_create_info_struct(self->png);
  if (self->info == NULL) return codec_fail(message, CODEC_OUT_OF_MEMORY, "out of memory");
  if (setjmp(png_jmpbuf(self->png))) {
    return codec_fail(message, self->failure, "%s", self->text);
  }
  set_up(self, input->limits);
  png_read_info(self->png, self->info);
  header->orientation = orientation != 0 ? orientation : profile_orientation(self);
  if (header->orientation == 0) header->orientation = 1;
  choose_transforms(self, header);
  return CODEC_OK;
}

// Replaces each row of indices by its colours, from the right so that no index is overwritten
// unread.
static int apply_palette(const CodecPNG *self, uint8_t *pixels, const CodecHeader *header,
                         CodecMessage message) {
  uint32_t channels = header->channels;
  int alpha = (header->flags & CODEC_FLAG_ALPHA) != 0;
  for (uint32_t y = 0; y < header->height; y++) {
    uint8_t *row = pixels + (size_t)y * header->width * channels;
    for (uint32_t x = header->width; x-- > 0;) {
      uint8_t index = row[x];
      if (index >= self->palette_count) {
        return codec_fail(message, CODEC_CORRUPT, "a colour that the palette does not have");
      }
      const uint8_t *entry = self->palette[index];
      uint8_t *pixel = row + (size_t)x * channels;
      for (uint32_t channel = 0; channel < channels - alpha; channel++)
        pixel[channel] = entry[channel];
      if (alpha) pixel[channels - 1] = entry[3];
    }
  }
  return CODEC_OK;
}

// Whether libpng failed only after it had handed over the last row, and not because the pixel data
// have a wrong checksum.
static int has_every_row(const CodecPNG *self, const CodecHeader *header) {
  enum { passes = 7 };
  int every = header->flags & CODEC_FLAG_INTERLACED
                  ? png_get_current_pass_number(self->png) >= passes
                  : png_get_current_row_number(self->png) >= header->height;
  return every && (self->stream.cut || strstr(self->text, "CRC error") == NULL);
}

static int read_rows(uint8_t *pixels, CodecPNG *self, const CodecHeader *header,
                     CodecMessage message) {
  if (setjmp(png_jmpbuf(self->png))) {
    if (has_every_row(self, header)) return CODEC_OK;
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
  return CODEC_OK;  // no pixel stands behind the last row
}

int codec_png_read(uint8_t *pixels, CodecPNG *self, const CodecHeader *header,
                   CodecMessage message) {
  int status = read_rows(pixels, self, header, message);
  if (status != CODEC_OK || self->palette_count == 0) return status;
  return apply_palette(self, pixels, header, message);
}

void codec_png_close(CodecPNG *self) {
  if (self == NULL) return;
  if (self->png != NULL) png_destroy_read_struct(&self->png, &self->info, NULL);
  free(self);
}
