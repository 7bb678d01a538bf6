// Pixels to PNG, the same bytes every time.

#include "internal.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

typedef struct Writer {
  CodecBuffer *buffer;
  uint8_t *row;  // packed bits, for 1-bit images
  int failure;
  char text[CODEC_MESSAGE_CAPACITY];
} Writer;

static void on_error(png_structp png, png_const_charp text) {
  Writer *writer = png_get_error_ptr(png);
  if (writer->failure == CODEC_OK) writer->failure = CODEC_BAD_ARGUMENT;
  strncpy(writer->text, text, sizeof writer->text - 1);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void on_write(png_structp png, png_bytep bytes, size_t count) {
  Writer *writer = png_get_io_ptr(png);
  if (!codec_buffer_append(writer->buffer, bytes, count)) {
    writer->failure = CODEC_OUT_OF_MEMORY;
    png_error(png, "out of memory");
  }
}

static void on_flush(png_structp png) { (void)png; }

static void pack_bits(uint8_t *row, const uint8_t *samples, uint32_t width) {
  memset(row, 0, (width + 7) / 8);
  for (uint32_t x = 0; x < width; x++) {
    if (samples[x] >= 128) row[x / 8] |= (uint8_t)(0x80 >> (x % 8));
  }
}

static int write_png(png_structp png, png_infop info, Writer *writer, const uint8_t *pixels,
                     uint32_t width, uint32_t height, uint32_t channels, uint32_t bit_depth) {
  static const int colour_types[5] = {0, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA,
                                      PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};
  if (setjmp(png_jmpbuf(png))) return writer->failure;
  png_set_write_fn(png, writer, on_write, on_flush);
  png_set_IHDR(png, info, width, height, (int)bit_depth, colour_types[channels], PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(png, 6);
  png_set_filter(png, PNG_FILTER_TYPE_BASE, bit_depth == 1 ? PNG_FILTER_NONE : PNG_ALL_FILTERS);
  png_write_info(png, info);
  size_t stride = (size_t)width * channels;
  for (uint32_t y = 0; y < height; y++) {
    const uint8_t *samples = pixels + y * stride;
    if (bit_depth == 1) pack_bits(writer->row, samples, width);
    png_write_row(png, bit_depth == 1 ? writer->row : samples);
  }
  png_write_end(png, info);
  return CODEC_OK;
}

int codec_encode_png(CodecBuffer *buffer, const uint8_t *pixels, uint32_t width, uint32_t height,
                     uint32_t channels, uint32_t bit_depth, char *text, size_t text_capacity) {
  CodecMessage message = {text, text_capacity};
  int depth_fits = bit_depth == 8 || (bit_depth == 1 && channels == 1);
  if (buffer == NULL || pixels == NULL || width == 0 || height == 0 || channels < 1 ||
      channels > 4 || !depth_fits) {
    return codec_fail(message, CODEC_BAD_ARGUMENT,
                      "no PNG of %lu x %lu pixels, %lu channels, %lu bits", (unsigned long)width,
                      (unsigned long)height, (unsigned long)channels, (unsigned long)bit_depth);
  }
  Writer writer = {.buffer = buffer};
  png_infop info = NULL;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer, on_error, on_warning);
  if (png != NULL) info = png_create_info_struct(png);
  if (bit_depth == 1) writer.row = malloc(width / 8 + 1);
  int status;
  if (info == NULL || (bit_depth == 1 && writer.row == NULL)) {
    status = codec_fail(message, CODEC_OUT_OF_MEMORY, "out of memory");
  } else {
    status = write_png(png, info, &writer, pixels, width, height, channels, bit_depth);
    if (status != CODEC_OK) codec_fail(message, status, "%s", writer.text);
  }
  if (png != NULL) png_destroy_write_struct(&png, &info);
  free(writer.row);
  return status;
}
