import COneDNN
import Testing

/// The module as Swift sees it; `Tests/C/onednn_test.c` checks every plan in depth.
@Suite struct ConvolutionPlanTests {
  @Test func versionIsOneThatTheShimKnows() {
    #expect((20600..<40000).contains(onednn_version()))
  }

  @Test func causalConvolutionEqualsANaiveLoop() throws {
    // Two rows strictly above the pixel, three columns around it: padding below is -1.
    let (size, inputs, outputs, rows, columns) = (6, 3, 5, 2, 3)
    var shape = onednn_convolution()
    shape.batch = 1
    shape.input_height = Int64(size)
    shape.input_width = Int64(size)
    shape.input_channels = Int64(inputs)
    shape.output_height = Int64(size)
    shape.output_width = Int64(size)
    shape.output_channels = Int64(outputs)
    shape.kernel_height = Int64(rows)
    shape.kernel_width = Int64(columns)
    shape.stride_height = 1
    shape.stride_width = 1
    shape.dilation_height = 1
    shape.dilation_width = 1
    shape.padding_top = Int64(rows)
    shape.padding_left = 1

    let image = (0..<size * size * inputs).map { Float(($0 * 7) % 11) - 5 }
    let weights = (0..<outputs * inputs * rows * columns).map { Float(($0 * 5) % 9) - 4 }
    let bias = (0..<outputs).map { Float($0) }

    var created: OpaquePointer?
    #expect(
      onednn_convolution_forward(&created, &shape, ONEDNN_FLOAT32, true, false, 1) == 0,
      "\(String(cString: onednn_last_error()))")
    let plan = try #require(created)
    defer { onednn_plan_free(plan) }
    let packed = UnsafeMutableRawPointer.allocate(
      byteCount: onednn_plan_packed_size(plan), alignment: 64)
    defer { packed.deallocate() }
    var result = [Float](repeating: .nan, count: size * size * outputs)
    #expect(onednn_plan_pack(plan, weights, packed) == 0)
    #expect(onednn_plan_run(plan, image, packed, bias, &result) == 0)

    for y in 0..<size {
      for x in 0..<size {
        for output in 0..<outputs {
          var sum = bias[output]
          for ky in 0..<rows where y + ky - rows >= 0 {
            for kx in 0..<columns where (0..<size).contains(x + kx - 1) {
              for input in 0..<inputs {
                let pixel = image[((y + ky - rows) * size + x + kx - 1) * inputs + input]
                sum += pixel * weights[((output * inputs + input) * rows + ky) * columns + kx]
              }
            }
          }
          // Small integers: float32 is exact in any order.
          #expect(result[(y * size + x) * outputs + output] == sum)
        }
      }
    }
  }

  @Test func impossibleShapeIsRefusedWithAReason() {
    var plan: OpaquePointer?
    var shape = onednn_convolution()
    #expect(onednn_convolution_forward(&plan, &shape, ONEDNN_FLOAT32, false, false, 1) == 1)
    #expect(plan == nil)
    #expect(String(cString: onednn_last_error()).contains("sizes"))
    onednn_plan_free(nil)
  }
}
