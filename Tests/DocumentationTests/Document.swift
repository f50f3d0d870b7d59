import Foundation
import Testing

/// A text with fenced code in it: a Markdown file, or the comment of one symbol.
///
/// What a reader need not see, a snippet may need all the same. A comment of its own right before it says so:
///
///     <!-- hidden: let pickle: [UInt8] = [] -->
struct Document {
    struct Block {
        var language: String
        var code: String
        var line: Int
        /// Code that stands before this one and is not shown.
        var hidden: String?
    }

    /// Where it is: the path from the package's root, and for a comment its line.
    let place: String
    private(set) var blocks: [Block] = []

    init(_ text: some StringProtocol, place: String, firstLine: Int = 1) {
        self.place = place
        var open: Block?
        var hidden: String?
        var isHidden = false
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if var block = open {
                if trimmed == "```" {
                    blocks.append(block)
                    open = nil
                } else {
                    block.code += line + "\n"
                    open = block
                }
            } else if trimmed.hasPrefix("```") {
                let language = String(trimmed.dropFirst(3))
                open = Block(language: language, code: "", line: firstLine + number + 1, hidden: hidden)
                hidden = nil
            } else if trimmed.hasPrefix("<!-- hidden:") {
                hidden = String(trimmed.dropFirst("<!-- hidden:".count))
                isHidden = true
            } else if isHidden {
                hidden? += "\n" + line
            }
            if isHidden, let code = hidden, let end = code.range(of: "-->") {
                hidden = String(code[..<end.lowerBound])
                isHidden = false
            }
        }
    }

    func blocks(in language: String) -> [Block] { blocks.filter { $0.language == language } }
}

extension Document {
    /// The package's root.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every Markdown file and tutorial of the package.
    static func files() throws -> [Document] {
        try paths(ending: [".md", ".tutorial"]).map { path in
            Document(try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8), place: path)
        }
    }

    /// The comments of the public libraries that have code in them.
    static func comments() throws -> [Document] {
        var documents: [Document] = []
        let libraries = ["Sources/Rememory/", "Sources/PickleCodec/"]
        for path in try paths(ending: [".swift"]) where libraries.contains(where: path.hasPrefix) {
            let source = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
            var comment: [Substring] = []
            var first = 1
            for (number, line) in source.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                let code = line.drop { $0 == " " }
                if code.hasPrefix("///") {
                    if comment.isEmpty { first = number + 1 }
                    comment.append(code.dropFirst(code.hasPrefix("/// ") ? 4 : 3))
                } else if !comment.isEmpty {
                    let document = Document(
                        comment.joined(separator: "\n"), place: "\(path):\(first)", firstLine: first)
                    if !document.blocks.isEmpty { documents.append(document) }
                    comment = []
                }
            }
        }
        return documents
    }

    /// The files of the package by the end of their names, what was built and what is hidden left out.
    static func paths(ending suffixes: [String]) throws -> [String] {
        let files = try #require(FileManager.default.enumerator(atPath: root.path))
        var found: [String] = []
        while let path = files.nextObject() as? String {
            if path.split(separator: "/").last?.hasPrefix(".") == true {
                files.skipDescendants()
            } else if suffixes.contains(where: path.hasSuffix) {
                found.append(path)
            }
        }
        return found.sorted()
    }
}
