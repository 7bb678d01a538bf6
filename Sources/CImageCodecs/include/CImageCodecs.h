// PNG and JPEG behind a small C interface.
//
// libpng and libjpeg report errors by long jump, which Swift cannot express; every such jump starts
// and ends inside this target. Conventions: the out-parameter comes first, every function that can
// fail returns a status (CODEC_OK is 0), and on failure a message without a trailing newline is
// written to the caller's buffer, which may be NULL. There is no global state: distinct decoders
// and buffers may be used on distinct threads at once.

#ifndef LACUNA_CIMAGECODECS_H
#define LACUNA_CIMAGECODECS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Status of a call.
enum {
  CODEC_OK = 0,
  CODEC_EMPTY = 1,           // no bytes at all
  CODEC_UNKNOWN_FORMAT = 2,  // no known format by its first bytes
  CODEC_TRUNCATED = 3,       // the data end before the image does
  CODEC_CORRUPT = 4,         // damaged or contradictory data
  CODEC_TOO_LARGE =
      5,  // over the caller's limits; the decoder's header still tells the claimed size
  CODEC_UNSUPPORTED = 6,  // valid, but of a kind that is not decoded
  CODEC_OUT_OF_MEMORY = 7,
  CODEC_BAD_ARGUMENT = 8,  // the caller's mistake
  CODEC_OTHER_FORMAT = 9,  // an image of a known format that is not decoded; the message names it
  CODEC_ARCHIVE = 10,      // a compressed file or an archive; the message names it
};

// Formats.
enum {
  CODEC_FORMAT_NONE = 0,
  CODEC_FORMAT_PNG = 1,
  CODEC_FORMAT_JPEG = 2,
};

// Bits of CodecHeader.flags.
enum {
  CODEC_FLAG_PALETTE = 1,     // colours came from a palette
  CODEC_FLAG_ALPHA = 2,       // the decoded image has an alpha channel
  CODEC_FLAG_INTERLACED = 4,  // interlaced PNG or progressive JPEG
  CODEC_FLAG_CMYK = 8,        // JPEG of four inks, converted to RGB
};

// The longest message written, with its terminating zero.
enum { CODEC_MESSAGE_CAPACITY = 256 };

// What a decoder may accept. Checked before memory is taken for pixels.
typedef struct CodecLimits {
  uint32_t max_side;    // largest width or height, in pixels
  uint64_t max_pixels;  // largest width * height
} CodecLimits;

// What the head of a file says about the image in it.
typedef struct CodecHeader {
  int format;      // CODEC_FORMAT_*
  uint32_t width;  // in pixels, as stored: the orientation is not applied
  uint32_t height;
  uint32_t channels;     // of the decoded image: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA
  uint32_t bit_depth;    // of a stored sample or palette index: 1, 2, 4, 8 or 16
  uint32_t components;   // stored components: 1 to 4
  uint32_t orientation;  // EXIF orientation, 1 to 8; 1 is upright
  uint32_t flags;        // CODEC_FLAG_*
} CodecHeader;

// A decoder between its two steps. Borrows the bytes: they must outlive it.
typedef struct CodecDecoder CodecDecoder;

// The format by content, CODEC_FORMAT_NONE if neither. A mere beginning of a PNG signature counts
// as PNG.
int codec_detect_format(const uint8_t *bytes, size_t count);

// Step 1: reads the head of an image. `*header` is written whenever something is known, also on
// failure. On success `*decoder` is owned by the caller and goes to codec_decoder_close; on failure
// it is NULL.
int codec_decoder_open(CodecDecoder **decoder, CodecHeader *header, const uint8_t *bytes,
                       size_t count, CodecLimits limits, char *message, size_t message_capacity);

// Step 2, once for each decoder: writes width * height * channels bytes, rows from the top,
// channels interleaved, 8 bits a sample. `capacity` is the size of `pixels` in bytes. On failure
// the pixels written so far mean nothing.
int codec_decoder_read(uint8_t *pixels, size_t capacity, CodecDecoder *decoder, char *message,
                       size_t message_capacity);

// Frees a decoder; NULL is fine.
void codec_decoder_close(CodecDecoder *decoder);

// Memory that grows as an encoder writes. Start with all zeros; give back with codec_buffer_free.
typedef struct CodecBuffer {
  uint8_t *bytes;
  size_t count;
  size_t capacity;
} CodecBuffer;

void codec_buffer_free(CodecBuffer *buffer);

// Appends a PNG to `buffer`: no time stamp, no text, fixed compression, so that equal pixels give
// equal bytes. `pixels` as from codec_decoder_read. `bit_depth` is 8, or 1 for one channel, where
// samples of 128 and above become white.
int codec_encode_png(CodecBuffer *buffer, const uint8_t *pixels, uint32_t width, uint32_t height,
                     uint32_t channels, uint32_t bit_depth, char *message, size_t message_capacity);

// Appends a baseline JPEG without chroma subsampling to `buffer`. `channels` is 1 or 3, `quality` 1
// to 100.
int codec_encode_jpeg(CodecBuffer *buffer, const uint8_t *pixels, uint32_t width, uint32_t height,
                      uint32_t channels, int quality, char *message, size_t message_capacity);

#ifdef __cplusplus
}
#endif

#endif
