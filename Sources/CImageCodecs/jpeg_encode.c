// Pixels to baseline JPEG.

#include "internal.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

typedef struct Writer {
  struct jpeg_compress_struct info;
  struct jpeg_error_mgr errors;
  struct jpeg_destination_mgr destination;
  jmp_buf escape;
  CodecBuffer *buffer;
  int failure;
  char text[JMSG_LENGTH_MAX];
  uint8_t chunk[4096];
} Writer;

static void on_error(j_common_ptr info) {
  Writer *writer = info->client_data;
  writer->failure = CODEC_BAD_ARGUMENT;
  info->err->format_message(info, writer->text);
  longjmp(writer->escape, 1);
}

static void on_message(j_common_ptr info, int level) {
  (void)info;
  (void)level;
}

static void append(Writer *writer, size_t count) {
  if (!codec_buffer_append(writer->buffer, writer->chunk, count)) {
    writer->failure = CODEC_OUT_OF_MEMORY;
    strncpy(writer->text, "out of memory", sizeof writer->text - 1);
    longjmp(writer->escape, 1);
  }
}

static void rewind_chunk(j_compress_ptr info) {
  Writer *writer = info->client_data;
  info->dest->next_output_byte = writer->chunk;
  info->dest->free_in_buffer = sizeof writer->chunk;
}

static boolean on_full(j_compress_ptr info) {
  Writer *writer = info->client_data;
  append(writer,
         sizeof writer->chunk);  // libjpeg means the whole chunk, whatever free_in_buffer says
  rewind_chunk(info);
  return TRUE;
}

static void on_finish(j_compress_ptr info) {
  Writer *writer = info->client_data;
  append(writer, sizeof writer->chunk - info->dest->free_in_buffer);
}

static int write_jpeg(Writer *writer, const uint8_t *pixels, uint32_t width, uint32_t height,
                      uint32_t channels, int quality) {
  j_compress_ptr info = &writer->info;
  if (setjmp(writer->escape)) return writer->failure;
  jpeg_create_compress(info);
  writer->destination = (struct jpeg_destination_mgr){
      .init_destination = rewind_chunk,
      .empty_output_buffer = on_full,
      .term_destination = on_finish,
  };
  info->dest = &writer->destination;
  info->image_width = width;
  info->image_height = height;
  info->input_components = (int)channels;
  info->in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(info);
  jpeg_set_quality(info, quality, TRUE);
  info->optimize_coding = TRUE;
  info->comp_info[0].h_samp_factor = 1;  // small images need their colours at full resolution
  info->comp_info[0].v_samp_factor = 1;
  jpeg_start_compress(info, TRUE);
  while (info->next_scanline < height) {
    JSAMPROW row = (JSAMPROW)(pixels + (size_t)info->next_scanline * width * channels);
    jpeg_write_scanlines(info, &row, 1);
  }
  jpeg_finish_compress(info);
  return CODEC_OK;
}

int codec_encode_jpeg(CodecBuffer *buffer, const uint8_t *pixels, uint32_t width, uint32_t height,
                      uint32_t channels, int quality, char *text, size_t text_capacity) {
  CodecMessage message = {text, text_capacity};
  if (buffer == NULL || pixels == NULL || width == 0 || height == 0 || quality < 1 ||
      quality > 100 || (channels != 1 && channels != 3)) {
    return codec_fail(message, CODEC_BAD_ARGUMENT,
                      "no JPEG of %lu x %lu pixels, %lu channels, quality %d", (unsigned long)width,
                      (unsigned long)height, (unsigned long)channels, quality);
  }
  Writer writer = {.buffer = buffer};
  writer.info.err = jpeg_std_error(&writer.errors);
  writer.info.client_data = &writer;
  writer.errors.error_exit = on_error;
  writer.errors.emit_message = on_message;
  int status = write_jpeg(&writer, pixels, width, height, channels, quality);
  if (status != CODEC_OK) codec_fail(message, status, "%s", writer.text);
  jpeg_destroy_compress(&writer.info);
  return status;
}
