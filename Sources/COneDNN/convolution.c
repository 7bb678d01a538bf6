#include <stdlib.h>
#include <string.h>

#include "plan.h"

typedef enum { FORWARD, BACKWARD_DATA, BACKWARD_WEIGHTS } direction;

/// The layouts that one convolution is described by.
typedef struct {
  layout source, packed_weights, dense_weights, bias, destination;
} convolution_layouts;

static void free_layouts(convolution_layouts *all) {
  onednn_free_layout(&all->source);
  onednn_free_layout(&all->packed_weights);
  onednn_free_layout(&all->dense_weights);
  onednn_free_layout(&all->bias);
  onednn_free_layout(&all->destination);
}

static int channels_last(layout *out, int64_t n, int64_t h, int64_t w, int64_t c, dnnl_data_type_t type) {
  dnnl_dims_t sizes = {n, c, h, w};
  dnnl_dims_t strides = {h * w * c, 1, w * c, c};
  return onednn_dense_layout(out, 4, sizes, strides, type);
}

static int make_layouts(
  convolution_layouts *all, const onednn_convolution *s, dnnl_data_type_t type,
  dnnl_data_type_t weights_type) {
  dnnl_dims_t weights = {s->output_channels, s->input_channels, s->kernel_height, s->kernel_width};
  int64_t taps = s->kernel_height * s->kernel_width;
  dnnl_dims_t strides = {s->input_channels * taps, taps, s->kernel_width, 1};
  dnnl_dims_t bias = {s->output_channels}, one = {1};
  return channels_last(&all->source, s->batch, s->input_height, s->input_width, s->input_channels, type)
         || channels_last(
           &all->destination, s->batch, s->output_height, s->output_width, s->output_channels, type)
         || onednn_any_layout(&all->packed_weights, 4, weights, weights_type)
         || onednn_dense_layout(&all->dense_weights, 4, weights, strides, dnnl_f32)
         || onednn_dense_layout(&all->bias, 1, bias, one, dnnl_f32);
}

#if DNNL_VERSION_MAJOR < 3
static const char *name_of(const_dnnl_primitive_desc_t description) {
  const char *name = NULL;
  dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, (void *)&name);
  return name ? name : "";
}

static bool is_direct(const_dnnl_primitive_desc_t description) { return !strncmp(name_of(description), "jit", 3); }

/// Whether a convolution by batched products, without tiles (AMX), was chosen on a processor that pays dearly for masked stores.
static bool is_slowed_by_masks(const_dnnl_primitive_desc_t description) {
#ifdef __x86_64__
  const char *name = name_of(description);
  return __builtin_cpu_is("amd") && !strncmp(name, "brgconv", 7) && !strstr(name, "amx");
#else
  return (void)description, false;
#endif
}

/// Takes the direct convolution instead of the one by batched products, on AMD's processors.
///
/// The latter stores its results under masks, which these do several times slower to memory that is not in a cache:
/// for 1x2 taps from 48 to 96 channels of sixteen 28x28 images 690 instead of 470 microseconds in bfloat16.
static void prefer_direct(
  dnnl_primitive_desc_t *chosen, const_dnnl_op_desc_t description,
  const_dnnl_primitive_attr_t attributes) {
  if (!is_slowed_by_masks(*chosen)) return;
  dnnl_primitive_desc_iterator_t next = NULL;
  if (dnnl_primitive_desc_iterator_create(&next, description, attributes, onednn_engine(), NULL) != dnnl_success)
    return;
  do {
    dnnl_primitive_desc_t candidate = dnnl_primitive_desc_iterator_fetch(next);
    if (candidate && is_direct(candidate)) {
      dnnl_primitive_desc_destroy(*chosen);
      *chosen = candidate;
      break;
    }
    if (candidate) dnnl_primitive_desc_destroy(candidate);
  } while (dnnl_primitive_desc_iterator_next(next) == dnnl_success);
  dnnl_primitive_desc_iterator_destroy(next);
}
#endif

/// One primitive description; `hint` is the forward one for the two backward directions.
static dnnl_status_t describe(
  dnnl_primitive_desc_t *out, direction way, const onednn_convolution *s, convolution_layouts *l,
  bool bias, const_dnnl_primitive_attr_t attributes, const_dnnl_primitive_desc_t hint) {
  dnnl_dims_t strides = {s->stride_height, s->stride_width};
  dnnl_dims_t dilations = {s->dilation_height - 1, s->dilation_width - 1};
  dnnl_dims_t before = {s->padding_top, s->padding_left};
  dnnl_dims_t after = {
    (s->output_height - 1) * s->stride_height + (s->kernel_height - 1) * s->dilation_height + 1
      - s->input_height - s->padding_top,
    (s->output_width - 1) * s->stride_width + (s->kernel_width - 1) * s->dilation_width + 1
      - s->input_width - s->padding_left,
  };
  dnnl_engine_t engine = onednn_engine();
#if DNNL_VERSION_MAJOR >= 3
  layout_reference with_bias = bias ? l->bias : NULL;
  switch (way) {
    case FORWARD:
      return dnnl_convolution_forward_primitive_desc_create(
        out, engine, dnnl_forward_training, dnnl_convolution_direct, l->source, l->packed_weights,
        with_bias, l->destination, strides, dilations, before, after, attributes);
    case BACKWARD_DATA:
      return dnnl_convolution_backward_data_primitive_desc_create(
        out, engine, dnnl_convolution_direct, l->source, l->packed_weights, l->destination, strides,
        dilations, before, after, hint, attributes);
    case BACKWARD_WEIGHTS:
      return dnnl_convolution_backward_weights_primitive_desc_create(
        out, engine, dnnl_convolution_direct, l->source, l->packed_weights, with_bias,
        l->destination, strides, dilations, before, after, hint, attributes);
  }
  return dnnl_invalid_arguments;
#else
  dnnl_convolution_desc_t description;
  dnnl_status_t status = dnnl_invalid_arguments;
  layout_reference with_bias = bias ? &l->bias : NULL;
  switch (way) {
    case FORWARD:
      status = dnnl_dilated_convolution_forward_desc_init(
        &description, dnnl_forward_training, dnnl_convolution_direct, &l->source,
        &l->packed_weights, with_bias, &l->destination, strides, dilations, before, after);
      break;
    case BACKWARD_DATA:
      status = dnnl_dilated_convolution_backward_data_desc_init(
        &description, dnnl_convolution_direct, &l->source, &l->packed_weights, &l->destination,
        strides, dilations, before, after);
      break;
    case BACKWARD_WEIGHTS:
      status = dnnl_dilated_convolution_backward_weights_desc_init(
        &description, dnnl_convolution_direct, &l->source, &l->packed_weights, with_bias,
        &l->destination, strides, dilations, before, after);
      break;
  }
  if (status != dnnl_success) return status;
  status = dnnl_primitive_desc_create(out, &description, attributes, engine, hint);
  if (status == dnnl_success && way == FORWARD) prefer_direct(out, &description, attributes);
  return status;
#endif
}

/// Describes the forward convolution too, as oneDNN asks of the backward ones.
static int describe_with_hint(
  dnnl_primitive_desc_t *out, direction way, const onednn_convolution *s, convolution_layouts *l,
  dnnl_data_type_t type, bool bias, const_dnnl_primitive_attr_t attributes) {
  dnnl_primitive_desc_t hint = NULL;
  dnnl_status_t status = dnnl_success;
  if (way != FORWARD) {
    convolution_layouts forward = {0};
    if (make_layouts(&forward, s, type, type)) {
      free_layouts(&forward);
      return 1;
    }
    status = describe(&hint, FORWARD, s, &forward, bias && way != BACKWARD_DATA, NULL, NULL);
    free_layouts(&forward);
  }
  if (status == dnnl_success) status = describe(out, way, s, l, bias, attributes, hint);
  if (hint) dnnl_primitive_desc_destroy(hint);
  return status == dnnl_success ? 0 : onednn_fail("convolution", status);
}

static bool is_sensible(const onednn_convolution *s) {
  const int64_t sizes[] = {
    s->batch,           s->input_height,  s->input_width,    s->input_channels,
    s->output_height,   s->output_width,  s->output_channels, s->kernel_height,
    s->kernel_width,    s->stride_height, s->stride_width,   s->dilation_height,
    s->dilation_width};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    if (sizes[i] < 1 || sizes[i] > INT32_MAX) return false;
  return llabs(s->padding_top) <= INT32_MAX && llabs(s->padding_left) <= INT32_MAX;
}

typedef struct {
  direction way;
  const onednn_convolution *shape;
  dnnl_data_type_t type;
  bool bias, accumulate;
} wanted_convolution;

static int build(onednn_plan *plan, const void *convolution) {
  const wanted_convolution *wanted = convolution;
  const direction way = wanted->way;
  const onednn_convolution *shape = wanted->shape;
  const dnnl_data_type_t type = wanted->type;
  if (!is_sensible(shape))
    return onednn_fail("convolution sizes below 1 or beyond 31 bits", dnnl_invalid_arguments);
  onednn_convolution staged = onednn_staged_shape(shape, way == BACKWARD_WEIGHTS);
  const onednn_convolution *s = &staged;
  convolution_layouts layouts = {0};
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t description = NULL;
  // Gradients of parameters are float32 whatever the activations are.
  int failed = make_layouts(&layouts, s, type, way == BACKWARD_WEIGHTS ? dnnl_f32 : type)
               || onednn_attributes(&attributes, wanted->accumulate)
               || describe_with_hint(&description, way, s, &layouts, type, wanted->bias, attributes);
  if (!failed) switch (way) {
      case FORWARD:
        failed = onednn_plan_build(
          plan, description, dnnl_query_src_md, DNNL_ARG_SRC, dnnl_query_weights_md,
          DNNL_ARG_WEIGHTS, wanted->bias, dnnl_query_weights_md, DNNL_ARG_BIAS, dnnl_query_dst_md,
          DNNL_ARG_DST);
        break;
      case BACKWARD_DATA:
        failed = onednn_plan_build(
          plan, description, dnnl_query_diff_dst_md, DNNL_ARG_DIFF_DST, dnnl_query_weights_md,
          DNNL_ARG_WEIGHTS, false, dnnl_query_weights_md, DNNL_ARG_BIAS, dnnl_query_diff_src_md,
          DNNL_ARG_DIFF_SRC);
        break;
      case BACKWARD_WEIGHTS:
        failed = onednn_plan_build(
          plan, description, dnnl_query_src_md, DNNL_ARG_SRC, dnnl_query_diff_dst_md,
          DNNL_ARG_DIFF_DST, wanted->bias, dnnl_query_diff_weights_md, DNNL_ARG_DIFF_BIAS,
          dnnl_query_diff_weights_md, DNNL_ARG_DIFF_WEIGHTS);
        break;
    }
  if (!failed) {
    bool gradient = way == BACKWARD_WEIGHTS;
    layout_reference packed = dnnl_primitive_desc_query_md(
      description, gradient ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0);
    plan->packed_size = dnnl_memory_desc_get_size(packed);
    failed = gradient ? onednn_reorder_create(&plan->pack, packed, REFERENCE(layouts.dense_weights))
                      : onednn_reorder_create(&plan->pack, REFERENCE(layouts.dense_weights), packed);
    if (!failed && gradient) {
      plan->unpacked_gradient = onednn_allocate(plan->packed_size);
      if (!plan->unpacked_gradient) failed = onednn_fail("gradient buffer", dnnl_out_of_memory);
    }
  }
  if (!failed)
    failed = onednn_stage_create(
      way == BACKWARD_DATA ? &plan->destination_stage : &plan->source_stage, shape, s, type,
      way != BACKWARD_DATA);
  if (description) dnnl_primitive_desc_destroy(description);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  free_layouts(&layouts);
  return failed;
}

int onednn_convolution_forward(
  onednn_plan **plan, const onednn_convolution *shape, onednn_type type, bool bias, bool accumulate,
  int threads) {
  wanted_convolution wanted = {FORWARD, shape, onednn_data_type(type), bias, accumulate};
  return onednn_plan_make(plan, threads, build, &wanted);
}

int onednn_convolution_backward_data(
  onednn_plan **plan, const onednn_convolution *shape, onednn_type type, int threads) {
  wanted_convolution wanted = {BACKWARD_DATA, shape, onednn_data_type(type), false, false};
  return onednn_plan_make(plan, threads, build, &wanted);
}

int onednn_convolution_backward_weights(
  onednn_plan **plan, const onednn_convolution *shape, onednn_type type, bool bias, int threads) {
  wanted_convolution wanted = {BACKWARD_WEIGHTS, shape, onednn_data_type(type), bias, false};
  return onednn_plan_make(plan, threads, build, &wanted);
}
