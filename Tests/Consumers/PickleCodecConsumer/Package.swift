// swift-tools-version: 6.2
import PackageDescription

// A package as its users make them: nothing but the product PickleCodec, under the strictest rules.
let package = Package(
    name: "PickleCodecConsumer",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "rememory-swift", path: "../../..")],
    targets: [
        .executableTarget(
            name: "PickleCodecConsumer",
            dependencies: [.product(name: "PickleCodec", package: "rememory-swift")],
            swiftSettings: [
                .strictMemorySafety(),
                .treatAllWarnings(as: .error),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]
        )
    ],
    swiftLanguageModes: [.v6]
)
