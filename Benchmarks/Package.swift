// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that who uses the libraries never builds it.
let package = Package(
    name: "rememory-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "rememory-swift", path: ".."),
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .target(name: "CFloors"),
        .target(name: "Workload"),
        .executableTarget(
            name: "bench-peer",
            dependencies: [
                "CFloors", "Workload",
                .product(name: "PickleCodec", package: "rememory-swift"),
                .product(name: "Rememory", package: "rememory-swift"),
            ]
        ),
        // The plugin looks for benchmarks right below a folder of the name Benchmarks: this package's own.
        .executableTarget(
            name: "MicroBenchmarks",
            dependencies: [
                "CFloors", "Workload",
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "PickleCodec", package: "rememory-swift"),
                .product(name: "Rememory", package: "rememory-swift"),
            ],
            path: "MicroBenchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where ["Workload", "bench-peer"].contains(target.name) {
    target.swiftSettings = [
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("InferIsolatedConformances"),
    ]
}
