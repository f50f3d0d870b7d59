// swift-tools-version: 6.2
import PackageDescription

// A package as its users make them: nothing but the product Rememory, under the strictest rules, and without the tools.
let package = Package(
    name: "RememoryConsumer",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "rememory-swift", path: "../../..", traits: [])],
    targets: [
        .executableTarget(
            name: "RememoryConsumer",
            dependencies: [.product(name: "Rememory", package: "rememory-swift")],
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
