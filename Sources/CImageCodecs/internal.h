// What the files of this target share.

#ifndef LACUNA_CIMAGECODECS_INTERNAL_H
#define LACUNA_CIMAGECODECS_INTERNAL_H

#include "CImageCodecs.h"

// Bytes being read and the limits they are read under.
typedef struct CodecInput {
  const uint8_t *bytes;
  size_t count;
  CodecLimits limits;
} CodecInput;

// The caller's buffer for a message.
typedef struct CodecMessage {
  char *text;
  size_t capacity;
} CodecMessage;

// Writes a message, cut to the caller's capacity, and returns `status`.
int codec_fail(CodecMessage message, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// CODEC_OK, or CODEC_TOO_LARGE with a message.
int codec_check_limits(CodecLimits limits, uint64_t width, uint64_t height, CodecMessage message);

// Appends bytes; 0 if memory is exhausted, 1 otherwise.
int codec_buffer_append(CodecBuffer *buffer, const uint8_t *bytes, size_t count);

// The orientation in the EXIF segment of a JPEG, 1 when it has none or is not sane.
uint32_t codec_jpeg_orientation(const uint8_t *bytes, size_t count);

typedef struct CodecPNG CodecPNG;
int codec_png_open(CodecPNG **png, CodecHeader *header, const CodecInput *input,
                   CodecMessage message);
int codec_png_read(uint8_t *pixels, CodecPNG *png, const CodecHeader *header, CodecMessage message);
void codec_png_close(CodecPNG *png);

typedef struct CodecJPEG CodecJPEG;
int codec_jpeg_open(CodecJPEG **jpeg, CodecHeader *header, const CodecInput *input,
                    CodecMessage message);
int codec_jpeg_read(uint8_t *pixels, CodecJPEG *jpeg, const CodecHeader *header,
                    CodecMessage message);
void codec_jpeg_close(CodecJPEG *jpeg);

#endif
