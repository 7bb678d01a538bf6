// Mutates image files and decodes what comes out. Build it with sanitizers; it passes by surviving.
//
//   clang -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -o codec-fuzz
//     -ISources/CImageCodecs/include Sources/CImageCodecs/*.c Tests/Fuzz/codec_fuzz.c -lpng -ljpeg
//   codec-fuzz FIXTURES_DIRECTORY ITERATIONS SEED
//
// Every iteration takes a file, makes one to eight changes, mostly mends the PNG checksums so that
// the change is seen by more than the checksum, and decodes. What decodes is encoded as PNG and
// must decode to itself.

#include "CImageCodecs.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { max_files = 4096, max_file_bytes = 1 << 20, max_path = 4096 };

typedef struct File {
  uint8_t *bytes;
  size_t count;
} File;

static File files[max_files];
static size_t file_count;
static uint64_t random_state;
static size_t decoded, refused;

// splitmix64
static uint64_t next_random(void) {
  uint64_t value = random_state += 0x9e3779b97f4a7c15u;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

static size_t below(size_t bound) { return bound == 0 ? 0 : (size_t)(next_random() % bound); }

static void stop(const char *what) {
  fprintf(stderr, "codec-fuzz: %s\n", what);
  exit(1);
}

static void load_file(const char *path) {
  FILE *stream = fopen(path, "rb");
  if (stream == NULL) return;
  uint8_t *bytes = malloc(max_file_bytes);
  if (bytes == NULL) stop("out of memory");
  size_t count = fread(bytes, 1, max_file_bytes, stream);
  fclose(stream);
  uint8_t *shrunk = realloc(bytes, count > 0 ? count : 1);
  files[file_count++] = (File){shrunk != NULL ? shrunk : bytes, count};
}

static int by_name(const struct dirent **left, const struct dirent **right) {
  return strcmp((*left)->d_name, (*right)->d_name);
}

static void load_directory(const char *directory) {
  struct dirent **entries;
  int count = scandir(directory, &entries, NULL, by_name);
  for (int index = 0; index < count; index++) {
    char path[max_path];
    const char *name = entries[index]->d_name;
    struct stat status;
    int length = snprintf(path, sizeof path, "%s/%s", directory, name);
    int usable = name[0] != '.' && length > 0 && length < max_path && stat(path, &status) == 0;
    if (usable && S_ISDIR(status.st_mode)) load_directory(path);
    const char *extension = strrchr(name, '.');
    int image =
        extension != NULL && (strcmp(extension, ".png") == 0 || strcmp(extension, ".jpg") == 0);
    if (usable && image && S_ISREG(status.st_mode) && file_count < max_files) load_file(path);
    free(entries[index]);
  }
  if (count >= 0) free(entries);
}

static uint32_t read_32(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void write_32(uint8_t *bytes, uint32_t value) {
  for (int index = 0; index < 4; index++) bytes[index] = (uint8_t)(value >> (24 - 8 * index));
}

static uint32_t checksum(const uint8_t *bytes, size_t count) {
  uint32_t sum = 0xffffffffu;
  for (size_t index = 0; index < count; index++) {
    sum ^= bytes[index];
    for (int bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (sum & 1 ? 0xedb88320u : 0);
  }
  return ~sum;
}

static void mend_png(File *file) {
  size_t at = 8;
  while (file->count >= 12 && at <= file->count - 12) {
    size_t length = read_32(file->bytes + at);
    if (length > file->count - at - 12) return;
    write_32(file->bytes + at + 8 + length, checksum(file->bytes + at + 4, length + 4));
    at += 12 + length;
  }
}

// A length field: of a PNG chunk, or of a JPEG segment.
static void change_length(File *file) {
  static const uint32_t lengths[] = {0,   1,     2,          3,           255,
                                     256, 65535, 0x7fffffff, 0x80000000u, 0xffffffffu};
  static const char *const kinds[] = {"IDAT", "PLTE", "tRNS", "IHDR", "eXIf", "zTXt", "tEXt"};
  uint32_t length = lengths[below(sizeof lengths / sizeof lengths[0])];
  if (file->count < 16) return;
  size_t start = below(file->count - 8);
  if (codec_detect_format(file->bytes, file->count) == CODEC_FORMAT_PNG) {
    for (size_t at = start; at + 8 <= file->count; at++) {
      int found = 0;
      for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        found |= memcmp(file->bytes + at + 4, kinds[kind], 4) == 0;
      }
      if (found) {
        write_32(file->bytes + at, length);
        return;
      }
    }
    if (file->count >= 24) write_32(file->bytes + 16 + below(2) * 4, length);  // width or height
    return;
  }
  for (size_t at = start; at + 4 <= file->count; at++) {
    if (file->bytes[at] != 0xff || file->bytes[at + 1] < 0xc0) continue;
    file->bytes[at + 2] = (uint8_t)(length >> 8);
    file->bytes[at + 3] = (uint8_t)length;
    return;
  }
}

// Puts a piece of another file into this one.
static void splice(File *file) {
  const File *other = &files[below(file_count)];
  if (other->count == 0 || file->count == 0) return;
  size_t from = below(other->count), length = 1 + below(other->count - from),
         at = below(file->count);
  if (below(2) == 0) {
    if (length > file->count - at) length = file->count - at;
    memcpy(file->bytes + at, other->bytes + from, length);
    return;
  }
  uint8_t *grown = malloc(file->count + length);
  if (grown == NULL) stop("out of memory");
  memcpy(grown, file->bytes, at);
  memcpy(grown + at, other->bytes + from, length);
  memcpy(grown + at + length, file->bytes + at, file->count - at);
  free(file->bytes);
  *file = (File){grown, file->count + length};
}

static void mutate(File *file) {
  static const uint8_t interesting[] = {0,  1,  2,  3,  4,  7,   8,   9,   15,
                                        16, 17, 32, 63, 64, 127, 128, 254, 255};
  if (file->count == 0) return;
  size_t at = below(file->count);
  switch (below(8)) {
    case 0:
    case 1: file->bytes[at] ^= (uint8_t)(1u << below(8)); break;
    case 2: file->bytes[at] = (uint8_t)next_random(); break;
    case 3: file->bytes[at] = interesting[below(sizeof interesting)]; break;
    case 4: file->bytes[below(file->count < 64 ? file->count : 64)] = (uint8_t)next_random(); break;
    case 5: change_length(file); break;
    case 6: splice(file); break;
    default:
      if (below(4) == 0) file->count = at;
      break;
  }
}

static void check_round_trip(const uint8_t *pixels, const CodecHeader *header, CodecLimits limits) {
  char text[CODEC_MESSAGE_CAPACITY];
  CodecBuffer buffer = {0};
  size_t count = (size_t)header->width * header->height * header->channels;
  if (codec_encode_png(&buffer, pixels, header->width, header->height, header->channels, 8, text,
                       sizeof text) != CODEC_OK) {
    stop(text);
  }
  CodecDecoder *decoder = NULL;
  CodecHeader again;
  uint8_t *copy = malloc(count);
  if (copy == NULL) stop("out of memory");
  if (codec_decoder_open(&decoder, &again, buffer.bytes, buffer.count, limits, text, sizeof text) ||
      codec_decoder_read(copy, count, decoder, text, sizeof text)) {
    stop(text);
  }
  if (memcmp(copy, pixels, count) != 0) stop("an image changed on its way through PNG");
  codec_decoder_close(decoder);
  codec_buffer_free(&buffer);
  if (header->channels % 2 == 1 && below(8) == 0) {
    if (codec_encode_jpeg(&buffer, pixels, header->width, header->height, header->channels,
                          1 + (int)below(100), text, sizeof text) != CODEC_OK) {
      stop(text);
    }
    codec_buffer_free(&buffer);
  }
  free(copy);
}

static void decode(const File *file) {
  const CodecLimits limits = {4096, 1 << 18};
  char text[CODEC_MESSAGE_CAPACITY];
  CodecHeader header;
  CodecDecoder *decoder;
  int status =
      codec_decoder_open(&decoder, &header, file->bytes, file->count, limits, text, sizeof text);
  if (status == CODEC_OK) {
    size_t count = (size_t)header.width * header.height * header.channels;
    uint8_t *pixels = malloc(count);
    if (pixels == NULL) stop("out of memory");
    status = codec_decoder_read(pixels, count, decoder, text, sizeof text);
    if (status == CODEC_OK) check_round_trip(pixels, &header, limits);
    free(pixels);
    codec_decoder_close(decoder);
  }
  if (status == CODEC_BAD_ARGUMENT) stop(text);
  *(status == CODEC_OK ? &decoded : &refused) += 1;
}

int main(int argument_count, char **arguments) {
  if (argument_count != 4) stop("usage: codec-fuzz FIXTURES_DIRECTORY ITERATIONS SEED");
  load_directory(arguments[1]);
  if (file_count == 0) stop("no PNG or JPEG files found");
  unsigned long iterations = strtoul(arguments[2], NULL, 10);
  random_state = strtoull(arguments[3], NULL, 10);
  for (size_t index = 0; index < file_count; index++) decode(&files[index]);
  for (unsigned long iteration = 0; iteration < iterations; iteration++) {
    const File *original = &files[below(file_count)];
    File file = {malloc(original->count > 0 ? original->count : 1), original->count};
    if (file.bytes == NULL) stop("out of memory");
    memcpy(file.bytes, original->bytes, original->count);
    for (size_t changes = 1 + below(1 + below(8)); changes > 0; changes--) mutate(&file);
    if (codec_detect_format(file.bytes, file.count) == CODEC_FORMAT_PNG && below(4) != 0)
      mend_png(&file);
    decode(&file);
    free(file.bytes);
  }
  printf("codec-fuzz: %zu files, %lu mutations: %zu decoded, %zu refused, none crashed\n",
         file_count, iterations, decoded, refused);
  for (size_t index = 0; index < file_count; index++) free(files[index].bytes);
  return 0;
}
