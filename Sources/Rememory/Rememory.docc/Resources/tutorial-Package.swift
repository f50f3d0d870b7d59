// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "game",
    platforms: [.macOS(.v15)],
    dependencies: [.package(path: "../rememory-swift")],
    targets: [
        .executableTarget(name: "game", dependencies: [.product(name: "Rememory", package: "rememory-swift")])
    ]
)
