/// CKernels: the fused elementwise work that oneDNN lacks, and the one thread pool.
///
/// A tensor is a dense row-major run of float32 or bfloat16 values. Kernels that take a `kernels_type`
/// compute in float32 whatever they read and write. None of them allocates, fails or keeps state; all
/// spread over the thread pool when there is enough to do, and give the same bits for any number of
/// threads.
#pragma once
#include "kernels_parallel.h"
#include "kernels_convert.h"
#include "kernels_layout.h"
#include "kernels_unary.h"
#include "kernels_binary.h"
#include "kernels_sum.h"
#include "kernels_extremes.h"
#include "kernels_softmax.h"
#include "kernels_normalize.h"
#include "kernels_dropout.h"
#include "kernels_embedding.h"
#include "kernels_convolution.h"
#include "kernels_copy.h"
#include "kernels_gate.h"
#include "kernels_mixture.h"
#include "kernels_nade.h"
#include "kernels_attention.h"
#include "kernels_optimize.h"
#include "kernels_product.h"
#include "kernels_profile.h"
#include "kernels_random.h"
#include "kernels_recurrent.h"
