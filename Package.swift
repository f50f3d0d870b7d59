// swift-tools-version: 6.2
import PackageDescription

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser", condition: .when(traits: ["Tools"]))

let package = Package(
    name: "rememory-swift",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "PickleCodec", targets: ["PickleCodec"]),
        .library(name: "Rememory", targets: ["Rememory"]),
        .executable(name: "interop-check", targets: ["interop-check"]),
        .executable(name: "rememoryctl", targets: ["rememoryctl"]),
    ],
    traits: [
        .trait(name: "Tools", description: "The command-line tools, which users of the libraries can do without."),
        .default(enabledTraits: ["Tools"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .target(name: "PickleCodec"),
        .target(name: "CRememoryPlatform"),
        .target(name: "CBenchFloor"),
        .target(
            name: "Rememory",
            dependencies: ["PickleCodec", "CRememoryPlatform", .product(name: "Logging", package: "swift-log")]
        ),
        // The Swift side of the peer protocol, for the executables that speak it.
        .target(name: "PeerProtocol", dependencies: ["PickleCodec", "Rememory"]),
        // Other programs that this package's tools and tests start.
        .target(name: "ChildProcess"),
        .executableTarget(
            name: "interop-check",
            dependencies: [
                "PeerProtocol", "PickleCodec", "Rememory", "CBenchFloor", "ChildProcess", argumentParser,
            ]
        ),
        .executableTarget(
            name: "rememoryctl", dependencies: ["PeerProtocol", "PickleCodec", "Rememory", argumentParser],
            exclude: ["rememoryctl.1"]
        ),
        // A process for the tests of RememoryTests to start.
        .executableTarget(name: "growth-peer", path: "Tests/Support/GrowthPeer"),
        .executableTarget(name: "block-writer", dependencies: ["Rememory"], path: "Tests/Support/BlockWriter"),
        .testTarget(name: "ChildProcessTests", dependencies: ["ChildProcess"]),
        .testTarget(
            name: "PickleCodecTests", dependencies: ["PickleCodec", "ChildProcess"], exclude: ["Fixtures"]),
        .testTarget(
            name: "RememoryTests", dependencies: ["Rememory", "PickleCodec", "ChildProcess"],
            resources: [.copy("Python/segment_reader.py"), .copy("Python/lock_peer.py")]),
        .testTarget(name: "PeerProtocolTests", dependencies: ["PeerProtocol", "PickleCodec"]),
        // What README, guides and comments say.
        .testTarget(name: "DocumentationTests", dependencies: ["Rememory", "PickleCodec", "ChildProcess"]),
        .testTarget(name: "InteropCheckTests", dependencies: ["interop-check", "PeerProtocol"]),
        .testTarget(
            name: "RememoryCtlTests",
            dependencies: ["rememoryctl", "interop-check", "ChildProcess", "PeerProtocol", "PickleCodec", "Rememory"]),
    ],
    swiftLanguageModes: [.v6]
)

let targetsInC = ["CRememoryPlatform", "CBenchFloor", "growth-peer"]

for target in package.targets where !targetsInC.contains(target.name) {
    target.swiftSettings = [
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        // See KillPoint.swift.
        .define("REMEMORY_KILL_POINTS", .when(configuration: .debug)),
    ]
}
