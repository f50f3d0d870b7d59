import Foundation
import Testing

/// The Swift compiler, to see whether it takes a text.
enum Compiler {
    struct Source {
        var name: String
        var code: String
    }

    /// What the compiler says against these files as one module, or `nil` if it takes them.
    static func check(_ sources: [Source], options: [String]) throws -> String? {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("snippets-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var files: [String] = []
        for source in sources {
            let file = folder.appendingPathComponent(source.name)
            try source.code.write(to: file, atomically: true, encoding: .utf8)
            files.append(file.path)
        }
        let command = ["swiftc", "-typecheck", "-swift-version", "6", "-suppress-warnings"] + options + files
        let result = try Command.run(command)
        return result.status == 0 ? nil : result.output
    }

    /// Options with which the built libraries can be imported, under the rules that are strictest for users.
    static func libraries() throws -> [String] {
        let products = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent()
        let map = products.appendingPathComponent("CRememoryPlatform.build/module.modulemap")
        try #require(FileManager.default.fileExists(atPath: map.path), "no built libraries beside the tests")
        return [
            "-I", products.appendingPathComponent("Modules").path, "-Xcc", "-fmodule-map-file=\(map.path)",
            "-enable-upcoming-feature", "MemberImportVisibility", "-enable-upcoming-feature", "ExistentialAny",
        ]
    }

    /// Options with which the package manager's own library can be imported.
    static func manifests() throws -> [String] {
        let library = try toolchain().appendingPathComponent("lib/swift/pm/ManifestAPI")
        return ["-I", library.path, "-package-description-version", "6.2.0"]
    }

    /// The folder that holds the compiler's `bin` and `lib`.
    private static func toolchain() throws -> URL {
        let info = try Command.run(["swiftc", "-print-target-info"]).output
        let object = try JSONSerialization.jsonObject(with: Data(info.utf8)) as? [String: Any]
        let paths = try #require(object?["paths"] as? [String: Any])
        let resources = try #require(paths["runtimeResourcePath"] as? String)
        return URL(fileURLWithPath: resources).deletingLastPathComponent().deletingLastPathComponent()
    }
}
