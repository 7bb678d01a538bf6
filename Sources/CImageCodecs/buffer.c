// Memory that grows as an encoder writes.

#include "internal.h"

#include <stdlib.h>
#include <string.h>

int codec_buffer_append(CodecBuffer *buffer, const uint8_t *bytes, size_t count) {
  if (count > SIZE_MAX - buffer->count) return 0;
  size_t needed = buffer->count + count;
  if (needed > buffer->capacity) {
    size_t capacity = buffer->capacity > SIZE_MAX / 2 ? needed : buffer->capacity * 2;
    if (capacity < 4096) capacity = 4096;
    if (capacity < needed) capacity = needed;
    uint8_t *grown = realloc(buffer->bytes, capacity);
    if (grown == NULL) return 0;
    buffer->bytes = grown;
    buffer->capacity = capacity;
  }
  if (count > 0) memcpy(buffer->bytes + buffer->count, bytes, count);
  buffer->count = needed;
  return 1;
}

void codec_buffer_free(CodecBuffer *buffer) {
  if (buffer == NULL) return;
  free(buffer->bytes);
  memset(buffer, 0, sizeof *buffer);
}
