package import CKernels
package import COneDNN

/// What one element of a tensor is.
public enum ElementType: UInt8, Sendable, CaseIterable {
  /// IEEE single precision: parameters, gradients of parameters, losses, likelihoods.
  case float32
  /// The upper half of a float32: activations, where the processor computes in it.
  case bfloat16

  /// Bytes an element takes.
  public var byteCount: Int { self == .float32 ? 4 : 2 }

  package var kernels: kernels_type { self == .float32 ? KERNELS_FLOAT32 : KERNELS_BFLOAT16 }
  package var oneDNN: onednn_type { self == .float32 ? ONEDNN_FLOAT32 : ONEDNN_BFLOAT16 }
}

extension ElementType {
  /// bfloat16 where the processor has instructions for it, float32 elsewhere.
  public static let fastest: ElementType = onednn_has_bfloat16() ? .bfloat16 : .float32
}
