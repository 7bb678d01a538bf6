// What only those files need that know libjpeg.

#ifndef LACUNA_CIMAGECODECS_JPEG_KIND_H
#define LACUNA_CIMAGECODECS_JPEG_KIND_H

#include <stddef.h>
#include <stdio.h>

#include <jpeglib.h>

// The kind of JPEG that libjpeg has just refused, NULL when its error is another one.
const char *codec_jpeg_unsupported_kind(j_common_ptr info);

#endif
