// JPEG to 8-bit grey or RGB. Damage that costs pixels is an error, though libjpeg calls it a
// warning.

#include "internal.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

struct CodecJPEG {
  struct jpeg_decompress_struct info;
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  jmp_buf escape;
  CodecInput input;
  int failure;
  char text[JMSG_LENGTH_MAX];
};

static void escape(CodecJPEG *self, int failure, const char *text) {
  self->failure = failure;
  strncpy(self->text, text, sizeof self->text - 1);
  longjmp(self->escape, 1);
}

static void on_error(j_common_ptr info) {
  CodecJPEG *self = info->client_data;
  char text[JMSG_LENGTH_MAX] = {0};
  info->err->format_message(info, text);
  int failure = CODEC_CORRUPT;
  switch (info->err->msg_code) {
    case JERR_OUT_OF_MEMORY: failure = CODEC_OUT_OF_MEMORY; break;
    case JERR_IMAGE_TOO_BIG:
    case JERR_NO_BACKING_STORE: failure = CODEC_TOO_LARGE; break;
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_ARITH_NOTIMPL:
    case JERR_SOF_UNSUPPORTED: failure = CODEC_UNSUPPORTED; break;
    default: break;
  }
  escape(self, failure, text);
}

// Level -1 is a warning. Those below mean that pixels were lost and made up; the others are
// harmless.
static void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  switch (info->err->msg_code) {
    case JWRN_ARITH_BAD_CODE:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC: on_error(info); break;
    default: break;
  }
}

static void on_text(j_common_ptr info) { (void)info; }

static void on_start(j_decompress_ptr info) { (void)info; }

static boolean on_end_of_input(j_decompress_ptr info) {
  escape(info->client_data, CODEC_TRUNCATED, "the file ends before the image does");
  return FALSE;
}

static void on_skip(j_decompress_ptr info, long count) {
  if (count <= 0) return;
  if ((size_t)count > info->src->bytes_in_buffer) on_end_of_input(info);
  info->src->next_input_byte += count;
  info->src->bytes_in_buffer -= (size_t)count;
}

// A progressive file may hold any number of scans, each over all blocks: both count and work are
// bounded.
static void on_progress(j_common_ptr common) {
  enum { max_scans = 500, max_scans_of_largest = 64 };
  j_decompress_ptr info = (j_decompress_ptr)common;
  CodecJPEG *self = info->client_data;
  uint64_t scans = info->input_scan_number > 0 ? (uint64_t)info->input_scan_number : 0;
  uint64_t pixels = (uint64_t)info->image_width * info->image_height;
  uint64_t budget = self->input.limits.max_pixels;
  if (scans > max_scans ||
      (scans > max_scans_of_largest && pixels * scans / max_scans_of_largest > budget)) {
    escape(self, CODEC_CORRUPT, "too many scans");
  }
}

static void set_up(CodecJPEG *self) {
  self->info.err = jpeg_std_error(&self->errors);
  self->errors.error_exit = on_error;
  self->errors.emit_message = on_message;
  self->errors.output_message = on_text;
  self->info.client_data = self;
}

static void choose_output(CodecJPEG *self, CodecHeader *header) {
  switch (self->info.jpeg_color_space) {
    case JCS_GRAYSCALE:
      self->info.out_color_space = JCS_GRAYSCALE;
      header->channels = 1;
      return;
    case JCS_RGB:
    case JCS_YCbCr: self->info.out_color_space = JCS_RGB; break;
    case JCS_CMYK:
    case JCS_YCCK:
      self->info.out_color_space = JCS_CMYK;
      header->flags |= CODEC_FLAG_CMYK;
      break;
    default: escape(self, CODEC_UNSUPPORTED, "a colour space that is neither grey, RGB nor CMYK");
  }
  header->channels = 3;
}

int codec_jpeg_open(CodecJPEG **jpeg, CodecHeader *header, const CodecInput *input,
                    CodecMessage message) {
  CodecJPEG *self = calloc(1, sizeof *self);
  if (self == NULL) return codec_fail(message, CODEC_OUT_OF_MEMORY, "out of memory");
  *jpeg = self;  // the caller closes it also on failure
  self->input = *input;
  set_up(self);
  if (setjmp(self->escape)) return codec_fail(message, self->failure, "%s", self->text);
  jpeg_create_decompress(&self->info);
  self->source = (struct jpeg_source_mgr){
      .next_input_byte = input->bytes,
      .bytes_in_buffer = input->count,
      .init_source = on_start,
      .fill_input_buffer = on_end_of_input,
      .skip_input_data = on_skip,
      .resync_to_restart = jpeg_resync_to_restart,
      .term_source = on_start,
  };
  self->info.src = &self->source;
  jpeg_read_header(&self->info, TRUE);
  header->width = self->info.image_width;
  header->height = self->info.image_height;
  header->bit_depth = (uint32_t)self->info.data_precision;
  header->components = (uint32_t)self->info.num_components;
  header->flags |= self->info.progressive_mode ? CODEC_FLAG_INTERLACED : 0;
  header->orientation = codec_jpeg_orientation(input->bytes, input->count);
  int status = codec_check_limits(input->limits, header->width, header->height, message);
  if (status == CODEC_OK) choose_output(self, header);
  return status;
}

// Inks to light. Adobe's files store the light that each ink leaves (255 is no ink); others the ink
// itself.
static void convert_inks(uint8_t *pixels, const uint8_t *inks, uint32_t width, int inverted) {
  for (uint32_t x = 0; x < width; x++) {
    uint32_t flip = inverted ? 0 : 255;
    uint32_t key = inks[4 * x + 3] ^ flip;
    for (uint32_t channel = 0; channel < 3; channel++) {
      pixels[3 * x + channel] = (uint8_t)(((inks[4 * x + channel] ^ flip) * key + 127) / 255);
    }
  }
}

int codec_jpeg_read(uint8_t *pixels, CodecJPEG *self, const CodecHeader *header,
                    CodecMessage message) {
  j_decompress_ptr info = &self->info;
  if (setjmp(self->escape)) return codec_fail(message, self->failure, "%s", self->text);
  self->progress.progress_monitor = on_progress;
  info->progress = &self->progress;
  info->do_block_smoothing =
      FALSE;  // a guess at scans that never came; here they all come or it is an error
  // Coefficients of progressive files: two bytes each, at most four components, blocks padded at
  // the edges.
  uint64_t budget = self->input.limits.max_pixels;
  if (budget > (uint64_t)1 << 34) budget = (uint64_t)1 << 34;
  if (sizeof(long) < 8 && budget > 1 << 27) budget = 1 << 27;
  info->mem->max_memory_to_use = (long)(64u << 20) + (long)(budget * 10);
  jpeg_start_decompress(info);
  size_t stride = (size_t)header->width * header->channels;
  if (info->output_width != header->width || info->output_height != header->height) {
    escape(self, CODEC_CORRUPT, "the image is not of the size that the header says");
  }
  int inks = info->out_color_space == JCS_CMYK;
  JSAMPARRAY ink_row = NULL;
  if (inks) {
    ink_row = info->mem->alloc_sarray((j_common_ptr)info, JPOOL_IMAGE, info->output_width * 4, 1);
  }
  while (info->output_scanline < info->output_height) {
    uint8_t *row = pixels + info->output_scanline * stride;
    JSAMPROW target = inks ? ink_row[0] : row;
    if (jpeg_read_scanlines(info, &target, 1) != 1) escape(self, CODEC_CORRUPT, "a row is missing");
    if (inks) convert_inks(row, ink_row[0], header->width, info->saw_Adobe_marker);
  }
  jpeg_finish_decompress(info);
  return CODEC_OK;
}

void codec_jpeg_close(CodecJPEG *self) {
  if (self == NULL) return;
  jpeg_destroy_decompress(&self->info);  // frees without reporting, also after a failed start
  free(self);
}
