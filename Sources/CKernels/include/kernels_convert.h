/// Element types and conversion between them.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { KERNELS_FLOAT32 = 0, KERNELS_BFLOAT16 = 1 } kernels_type;

void kernels_convert(kernels_type from_type, const void *from, kernels_type to_type, void *to, int64_t count);

#ifdef __cplusplus
}
#endif
