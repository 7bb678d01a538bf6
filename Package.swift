// swift-tools-version: 6.2
import PackageDescription

/// The house, from the ground up: each target imports only what stands above it here.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
  name: "lacuna",
  platforms: [.macOS(.v14)],
  products: [
    .executable(name: "lacuna", targets: ["lacuna"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.0")),
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", .upToNextMinor(from: "2.28.1"),
      traits: []),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp")]),
    .target(
      name: "CKernels", linkerSettings: [.linkedLibrary("gomp"), .linkedLibrary("m")]),
    .target(
      name: "CImageCodecs", linkerSettings: [.linkedLibrary("png"), .linkedLibrary("jpeg")]),
    .target(name: "Platform", swiftSettings: strict),
    .target(
      name: "Tensors", dependencies: ["COneDNN", "CKernels", "Platform"], swiftSettings: strict),
    .target(name: "Files", dependencies: ["Platform"], swiftSettings: strict),
    .target(
      name: "Images", dependencies: ["CImageCodecs", "Files", "Platform"], swiftSettings: strict),
    .target(name: "Layers", dependencies: ["Platform", "Tensors"], swiftSettings: strict),
    .target(
      name: "Models", dependencies: ["Layers", "Platform", "Tensors"], swiftSettings: strict),
    .target(
      name: "Training",
      dependencies: ["Files", "Images", "Layers", "Models", "Platform", "Tensors"],
      swiftSettings: strict),
    .target(
      name: "Tasks",
      dependencies: ["Files", "Images", "Layers", "Models", "Platform", "Tensors", "Training"],
      swiftSettings: strict),
    .target(
      name: "Service",
      dependencies: [
        "Files", "Images", "Models", "Platform", "Tasks", "Tensors", "Training",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      resources: [
        .embedInCode("Page/page.html"), .embedInCode("Page/page.css"),
        .embedInCode("Page/page.js"), .embedInCode("Page/Examples/digit0_01.png"),
        .embedInCode("Page/Examples/digit2_01.png"), .embedInCode("Page/Examples/digit3_01.png"),
        .embedInCode("Page/Examples/digit5_01.png"), .embedInCode("Page/Examples/digit8_01.png"),
      ],
      swiftSettings: strict),
    .target(
      name: "LacunaCommands",
      dependencies: [
        "Files", "Images", "Layers", "Models", "Platform", "Service", "Tasks", "Tensors",
        "Training",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(name: "lacuna", dependencies: ["LacunaCommands"], swiftSettings: strict),
    .target(
      name: "TestSupport",
      dependencies: ["Files", "Images", "Layers", "Models", "Platform", "Tensors", "Training"],
      swiftSettings: strict),

    .testTarget(name: "COneDNNTests", dependencies: ["COneDNN"], swiftSettings: strict),
    .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "ImagesTests", dependencies: ["Platform", "Files", "Images", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TensorsTests", dependencies: ["Platform", "Tensors", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "LayersTests", dependencies: ["Platform", "Layers", "Tensors", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ModelsTests",
      dependencies: ["Platform", "Layers", "Models", "Tensors", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Platform", "Files", "Images", "Layers", "Models", "Tensors", "TestSupport", "Training",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "TasksTests",
      dependencies: [
        "Files", "Images", "Layers", "Models", "Platform", "Tasks", "Tensors", "TestSupport",
        "Training",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ServiceTests",
      dependencies: [
        "Files", "Images", "Models", "Platform", "Service", "Tasks", "Tensors", "TestSupport",
        "Training", "lacuna",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "LacunaCommandsTests",
      dependencies: [
        "Files", "Images", "LacunaCommands", "Layers", "Models", "Platform", "Tasks", "Tensors",
        "TestSupport", "Training", "lacuna",
      ],
      exclude: ["Snapshots"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu11
)
