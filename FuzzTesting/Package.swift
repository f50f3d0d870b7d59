// swift-tools-version: 6.2
import PackageDescription

// Built with the fuzzer's instrumentation only, see README.md.
let package = Package(
    name: "pickle-fuzzing",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "rememory-swift", path: "..")],
    targets: [
        .target(name: "FuzzSupport"),
        .executableTarget(name: "FuzzDecode", dependencies: fuzzer),
        .executableTarget(name: "FuzzJSON", dependencies: fuzzer),
        .executableTarget(name: "FuzzRoundTrip", dependencies: fuzzer),
        .executableTarget(name: "FuzzValues", dependencies: fuzzer),
    ],
    swiftLanguageModes: [.v6]
)

var fuzzer: [Target.Dependency] { ["FuzzSupport", .product(name: "PickleCodec", package: "rememory-swift")] }

for target in package.targets {
    target.swiftSettings = [
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
}
