// JPEG to 8-bit grey or RGB. Damage that costs pixels is an error, though libjpeg calls it a
// warning; what follows the last pixel is not looked at.

#include "internal.h"
#include "jpeg_kind.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jerror.h>

struct CodecJPEG {
  struct jpeg_decompress_struct info;
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  jmp_buf escape;
  CodecInput input;
  int ended;  // libjpeg has been given an end that the file does not have
  int failure;
  char text[JMSG_LENGTH_MAX];
};

static void escape(CodecJPEG *self, int failure, const char *text) {
  self->failure = failure;
  strncpy(self->text, text, sizeof self->text - 1);
  longjmp(self->escape, 1);
}

static const char cut_text[] = "the file ends before the image does";

static void on_error(j_common_ptr info) {
  CodecJPEG *self = info->client_data;
  const char *kind = codec_jpeg_unsupported_kind(info);
  if (kind != NULL) escape(self, CODEC_UNSUPPORTED, kind);
  if (self->ended) escape(self, CODEC_TRUNCATED, cut_text);
  char text[JMSG_LENGTH_MAX] = {0};
  info->err->format_message(info, text);
  int failure = CODEC_CORRUPT;
  switch (info->err->msg_code) {
    case JERR_OUT_OF_MEMORY: failure = CODEC_OUT_OF_MEMORY; break;
    case JERR_IMAGE_TOO_BIG:
    case JERR_NO_BACKING_STORE: failure = CODEC_TOO_LARGE; break;
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

// A file may lack the end marker and be whole: libjpeg is given one, and warns if it then misses
// data. Arithmetic decoding does not warn: it takes what is missing for zeros.
static boolean on_end_of_input(j_decompress_ptr info) {
  static const JOCTET end[2] = {0xff, JPEG_EOI};
  CodecJPEG *self = info->client_data;
  if (self->ended || info->input_scan_number == 0 || info->arith_code) {
    escape(self, CODEC_TRUNCATED, cut_text);
  }
  self->ended = 1;
  info->src->next_input_byte = end;
  info->src->bytes_in_buffer = sizeof end;
  return TRUE;
}

static void on_skip(j_decompress_ptr info, long count) {
  if (count <= 0) return;
  if ((size_t)count > info->src->bytes_in_buffer) {
    on_end_of_input(info);
    return;
  }
  info->src->next_input_byte += count;
  info->src->bytes_in_buffer -= (size_t)count;
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

// A file may hold any number of scans, each over all blocks: both count and work are bounded.
static void check_scan_count(CodecJPEG *self) {
  enum { max_scans = 500, max_scans_of_largest = 64 };
  uint64_t scans = (uint64_t)self->info.input_scan_number;
  uint64_t pixels = (uint64_t)self->info.image_width * self->info.image_height;
  uint64_t budget = self->input.limits.max_pixels;
  if (scans > max_scans ||
      (scans > max_scans_of_largest && pixels * scans / max_scans_of_largest > budget)) {
    escape(self, CODEC_CORRUPT, "too many scans");
  }
}

// Whether every component has come with every bit of its coefficients.
static int is_complete(j_decompress_ptr info, uint32_t components) {
  if (components != (1u << info->num_components) - 1) return 0;
  if (!info->progressive_mode) return 1;
  for (int component = 0; component < info->num_components; component++) {
    for (int index = 0; index < DCTSIZE2; index++) {
      if (info->coef_bits[component][index] != 0) return 0;
    }
  }
  return 1;
}

// Reads scans until nothing is missing, or to the end marker: before it a progressive file may
// leave out what it likes, if only each component has come.
static void read_scans(CodecJPEG *self) {
  j_decompress_ptr info = &self->info;
  uint32_t components = 0;
  for (;;) {
    int event = jpeg_consume_input(info);
    if (event == JPEG_REACHED_SOS) check_scan_count(self);
    if (event == JPEG_SCAN_COMPLETED) {
      for (int index = 0; index < info->comps_in_scan; index++) {
        components |= 1u << info->cur_comp_info[index]->component_index;
      }
      if (is_complete(info, components)) return;
    }
    if (event == JPEG_REACHED_EOI) {
      if (self->ended) escape(self, CODEC_TRUNCATED, cut_text);
      if (components == (1u << info->num_components) - 1) return;
      escape(self, CODEC_CORRUPT, "a colour component is missing");
    }
  }
}

int codec_jpeg_read(uint8_t *pixels, CodecJPEG *self, const CodecHeader *header,
                    CodecMessage message) {
  j_decompress_ptr info = &self->info;
  if (setjmp(self->escape)) return codec_fail(message, self->failure, "%s", self->text);
  // Smoothing guesses at scans that never came; here they all come or it is an error.
  info->do_block_smoothing = FALSE;
  // Coefficients of progressive files: two bytes each, at most four components, padded blocks.
  uint64_t budget = self->input.limits.max_pixels;
  if (budget > (uint64_t)1 << 34) budget = (uint64_t)1 << 34;
  if (sizeof(long) < 8 && budget > 1 << 27) budget = 1 << 27;
  info->mem->max_memory_to_use = (long)(64u << 20) + (long)(budget * 10);
  info->buffered_image = jpeg_has_multiple_scans(info);
  jpeg_start_decompress(info);
  if (info->buffered_image) {
    read_scans(self);
    jpeg_start_output(info, info->input_scan_number);
  }
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
  // There is no jpeg_finish_decompress here: it reads on to the end marker, which may be missing.
  size_t end = self->input.count - self->source.bytes_in_buffer;
  int ends = self->input.is_trial || self->ended || info->unread_marker != 0;
  if (ends || codec_jpeg_has_own_rows(&self->input, end, pixels, header)) return CODEC_OK;
  return codec_fail(message, CODEC_TRUNCATED, "other bytes stand where rows should");
}

void codec_jpeg_close(CodecJPEG *self) {
  if (self == NULL) return;
  jpeg_destroy_decompress(&self->info);  // frees without reporting, also after a failed start
  free(self);
}
