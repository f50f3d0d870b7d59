// swift-tools-version: 6.2
import PackageDescription

let rememory = Target.Dependency.product(name: "Rememory", package: "rememory-swift")
let pickleCodec = Target.Dependency.product(name: "PickleCodec", package: "rememory-swift")

let package = Package(
    name: "Examples",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "rememory-swift", path: "..", traits: [])],
    targets: [
        .executableTarget(name: "game", dependencies: [rememory], path: "Game", exclude: ["dashboard.py", "run"]),
        .executableTarget(
            name: "matcher", dependencies: [rememory], path: "Pipeline", exclude: ["pipeline.py", "run"]),
        .executableTarget(
            name: "inspect-pickle", dependencies: [pickleCodec], path: "UntrustedPickle",
            exclude: ["make_pickles.py", "run"]),
    ],
    swiftLanguageModes: [.v6]
)
