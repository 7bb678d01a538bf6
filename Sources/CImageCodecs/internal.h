// What the files of this target share.

#ifndef LACUNA_CIMAGECODECS_INTERNAL_H
#define LACUNA_CIMAGECODECS_INTERNAL_H

#include "CImageCodecs.h"

// Bytes being read and the limits they are read under.
typedef struct CodecInput {
  const uint8_t *bytes;
  size_t count;
  CodecLimits limits;
  int is_trial;  // a changed beginning of a file, to see what becomes of it
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

// The name of a known format that is not decoded, with an article, and its status; else NULL and
// CODEC_UNKNOWN_FORMAT.
const char *codec_other_format(const uint8_t *bytes, size_t count, int *status);

// The orientation in EXIF data, 1 to 8; 0 when they have none or are not sane.
uint32_t codec_exif_orientation(const uint8_t *bytes, size_t count);

// The same for EXIF data written out as a text of hexadecimal digits.
uint32_t codec_exif_profile_orientation(const char *text, size_t count);

// The orientation in the EXIF segments of a JPEG, 1 when they have none.
uint32_t codec_jpeg_orientation(const uint8_t *bytes, size_t count);

// The orientation in the eXIf chunk of a PNG, 0 when it has none.
uint32_t codec_png_orientation(const CodecInput *input);

// The chunks of a PNG that libpng shall see.
typedef struct CodecPNGStream {
  CodecInput input;
  size_t position;    // of the next byte
  size_t left;        // bytes of the current chunk to come, its checksum included
  int has_data;       // pixel data have begun
  int cut;            // the file ends within the pixel data
  int wants_profile;  // hand over EXIF data that are kept as text
} CodecPNGStream;

extern const char codec_png_cut_text[];

// Starts behind the signature.
void codec_png_stream_start(CodecPNGStream *self, const CodecInput *input);

// Reads what libpng asks for next: the head, the data or the checksum of a chunk.
int codec_png_stream_read(CodecPNGStream *self, uint8_t *bytes, size_t count, CodecMessage message);

// A big-endian number of four bytes.
uint32_t codec_png_read_32(const uint8_t *bytes);

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

// Whether the rows that `pixels` were decoded from are the file's, as an end marker behind them or
// the form of the last byte shows. `end` is behind the last byte that libjpeg has read.
int codec_jpeg_has_own_rows(const CodecInput *input, size_t end, const uint8_t *pixels,
                            const CodecHeader *header);

#endif
