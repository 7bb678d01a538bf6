// The public decoder: recognises the format and hands over to it.

#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CodecDecoder {
  CodecHeader header;
  CodecPNG *png;
  CodecJPEG *jpeg;
  int finished;
};

static const uint8_t png_signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

int codec_fail(CodecMessage message, int status, const char *format, ...) {
  if (message.text != NULL && message.capacity > 0) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message.text, message.capacity, format, arguments);
    va_end(arguments);
  }
  return status;
}

int codec_check_limits(CodecLimits limits, uint64_t width, uint64_t height, CodecMessage message) {
  if (width > limits.max_side || height > limits.max_side) {
    return codec_fail(message, CODEC_TOO_LARGE, "%llu x %llu pixels, more than %lu a side",
                      (unsigned long long)width, (unsigned long long)height,
                      (unsigned long)limits.max_side);
  }
  // Sides are below 2^32 here, so the product cannot wrap.
  if (width * height > limits.max_pixels) {
    return codec_fail(message, CODEC_TOO_LARGE, "%llu x %llu pixels, more than %llu in all",
                      (unsigned long long)width, (unsigned long long)height,
                      (unsigned long long)limits.max_pixels);
  }
  return CODEC_OK;
}

int codec_detect_format(const uint8_t *bytes, size_t count) {
  if (bytes == NULL || count == 0) return CODEC_FORMAT_NONE;
  size_t known = count < sizeof png_signature ? count : sizeof png_signature;
  if (memcmp(bytes, png_signature, known) == 0) return CODEC_FORMAT_PNG;
  if (bytes[0] == 0xff && (count == 1 || (bytes[1] == 0xd8 && (count == 2 || bytes[2] == 0xff)))) {
    return CODEC_FORMAT_JPEG;
  }
  return CODEC_FORMAT_NONE;
}

int codec_decoder_open(CodecDecoder **decoder, CodecHeader *header, const uint8_t *bytes,
                       size_t count, CodecLimits limits, char *text, size_t text_capacity) {
  CodecMessage message = {text, text_capacity};
  if (decoder == NULL || header == NULL) {
    return codec_fail(message, CODEC_BAD_ARGUMENT, "no place for the result");
  }
  *decoder = NULL;
  memset(header, 0, sizeof *header);
  header->orientation = 1;
  if (bytes == NULL || count == 0) return codec_fail(message, CODEC_EMPTY, "no bytes");
  header->format = codec_detect_format(bytes, count);
  if (header->format == CODEC_FORMAT_NONE) {
    int status;
    const char *name = codec_other_format(bytes, count, &status);
    return codec_fail(message, status, "%s", name != NULL ? name : "neither PNG nor JPEG");
  }

  CodecDecoder *self = calloc(1, sizeof *self);
  if (self == NULL) return codec_fail(message, CODEC_OUT_OF_MEMORY, "out of memory");
  CodecInput input = {.bytes = bytes, .count = count, .limits = limits};
  int status = header->format == CODEC_FORMAT_PNG
                   ? codec_png_open(&self->png, header, &input, message)
                   : codec_jpeg_open(&self->jpeg, header, &input, message);
  if (status != CODEC_OK) {
    codec_decoder_close(self);
    return status;
  }
  self->header = *header;
  *decoder = self;
  return CODEC_OK;
}

int codec_decoder_read(uint8_t *pixels, size_t capacity, CodecDecoder *decoder, char *text,
                       size_t text_capacity) {
  CodecMessage message = {text, text_capacity};
  if (pixels == NULL || decoder == NULL) {
    return codec_fail(message, CODEC_BAD_ARGUMENT, "nothing to decode into");
  }
  const CodecHeader *header = &decoder->header;
  uint64_t needed = (uint64_t)header->width * header->height * header->channels;
  if (capacity < needed || decoder->finished) {
    return codec_fail(message, CODEC_BAD_ARGUMENT,
                      decoder->finished ? "decoded already" : "the pixels do not fit");
  }
  decoder->finished = 1;
  return decoder->png != NULL ? codec_png_read(pixels, decoder->png, header, message)
                              : codec_jpeg_read(pixels, decoder->jpeg, header, message);
}

void codec_decoder_close(CodecDecoder *decoder) {
  if (decoder == NULL) return;
  codec_png_close(decoder->png);
  codec_jpeg_close(decoder->jpeg);
  free(decoder);
}
