// The names of the kinds of JPEG that libjpeg refuses: they are not damaged.

#include "jpeg_kind.h"

#include <jerror.h>

const char *codec_jpeg_unsupported_kind(j_common_ptr info) {
  enum { lossless = 0xc3, lossless_arithmetic = 0xcb, jpeg_ls = 0xf7 };
  int parameter = info->err->msg_parm.i[0];
  switch (info->err->msg_code) {
    case JERR_BAD_PRECISION:
      return parameter == 12 ? "12-bit JPEG" : "JPEG of neither 8 nor 12 bits";
    case JERR_ARITH_NOTIMPL: return "arithmetic-coded JPEG";
    case JERR_CONVERSION_NOTIMPL: return "JPEG of an unusual colour space";
    case JERR_SOF_UNSUPPORTED:
      return parameter == lossless || parameter == lossless_arithmetic ? "lossless JPEG"
                                                                       : "hierarchical JPEG";
    case JERR_UNKNOWN_MARKER: return parameter == jpeg_ls ? "JPEG-LS" : NULL;
    case JERR_EMPTY_IMAGE: {
      j_decompress_ptr image = (j_decompress_ptr)info;
      return image->image_width > 0 && image->image_height == 0 && image->num_components > 0
                 ? "JPEG that tells its height only after its rows"
                 : NULL;
    }
    default: return NULL;
  }
}
