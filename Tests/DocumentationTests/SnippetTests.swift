import Foundation
import Testing

/// What README, guides and comments show is compiled as it stands there, against the built libraries.
///
/// A document is one program: every snippet sees what those before it declare, and may declare it anew.
@Suite struct SnippetTests {
    @Test func guidesCompile() throws {
        try expectToCompile(try Document.files())
    }

    @Test func commentsCompile() throws {
        try expectToCompile(try Document.comments(), beside: Self.namesThatCommentsTakeForGranted)
    }

    /// The manifests that guides show are taken by the package manager's own library.
    @Test func manifestsCompile() throws {
        let manifests = try Document.files().flatMap { document in
            document.blocks(in: "swift").filter(\.isManifest).map { (document.place, $0) }
        }
        for (place, block) in manifests {
            let complaint = try Compiler.check(
                [Compiler.Source(name: "main.swift", code: block.code)], options: try Compiler.manifests())
            #expect(complaint == nil, "\(place):\(block.line)")
        }
    }

    /// What tables give as the Swift for a piece of Python, each as a statement of its own.
    @Test(arguments: [("FromPythonToSwift.md", "## The same names", 20), ("Types.md", "## Numbers, booleans", 7)])
    func tablesCompile(_ file: String, heading: String, count: Int) throws {
        let path = Document.root.appendingPathComponent("Sources/Rememory/Rememory.docc/\(file)")
        let rows = try Table(under: heading, in: String(contentsOf: path, encoding: .utf8)).rows
        #expect(rows.count >= count)
        var code = """
            import Rememory
            struct Player: Codable, Sendable { var score: Int; var level: Int }
            func table(
                d: RememoryDict<String, Player>, l: RememoryList<Int>, hits: RememoryInt<Int>, player: Player,
                other: Player, x: Int
            ) throws {

            """
        for statement in rows.flatMap({ $0[1].code }) where !statement.hasPrefix("RM") && statement != "nil" {
            code += statement.hasPrefix("for ") ? statement + " { _ = (key, value) }\n" : "_ = \(statement)\n"
        }
        code = code.replacing("other.map", with: "[(key: \"ann\", value: other)].map")
        code = code.replacing("_ = RememoryDict", with: "_ = try RememoryDict").replacing(
            "_ = RememoryList", with: "_ = try RememoryList")
        for type in ["Int", "Float", "Bool", "String", "Block"] {
            code = code.replacing("_ = Rememory\(type)(", with: "_ = try Rememory\(type)(")
        }
        let complaint = try Compiler.check(
            [Compiler.Source(name: "Table.swift", code: code + "}\n")], options: try Compiler.libraries())
        #expect(complaint == nil)
    }

    /// The tutorial's programs, each as a reader has it at that step.
    @Test func tutorialCompiles() throws {
        let folder = Document.root.appendingPathComponent("Sources/Rememory/Rememory.docc/Resources")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
        #expect(names.count > 3)
        for name in names {
            let code = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            let isManifest = code.hasPrefix("// swift-tools-version")
            let complaint = try Compiler.check(
                [Compiler.Source(name: "main.swift", code: code)],
                options: isManifest ? try Compiler.manifests() : try Compiler.libraries())
            #expect(complaint == nil, "\(name)")
        }
    }

    @Test func pythonSnippetsCompile() throws {
        for document in try Document.files() {
            for block in document.blocks(in: "python") {
                let script = "import ast, sys; ast.parse(sys.stdin.read())"
                let result = try Command.run(["python3", "-c", script], input: block.code)
                #expect(result.status == 0, "\(document.place):\(block.line): \(result.output)")
            }
        }
    }

    private func expectToCompile(_ documents: [Document], beside names: String = "") throws {
        var sources = [Compiler.Source(name: "Names.swift", code: names)]
        for (number, document) in documents.enumerated() {
            if let program = document.program(number) { sources.append(program) }
        }
        #expect(sources.count > 1)
        let complaint = try Compiler.check(sources, options: try Compiler.libraries())
        #expect(complaint == nil)
    }

    private static let namesThatCommentsTakeForGranted = """
        import PickleCodec
        import Rememory

        struct Player: Codable, Sendable { var score: Int; var level: Int }
        struct Point: Codable, Sendable { var x: Int; var y: Int }
        enum Color: String, Codable, Sendable { case red }
        struct Config: Codable, Sendable { var level: Int }
        let player = Player(score: 10, level: 2)
        let pickle: [UInt8] = []
        let bytes: [UInt8] = []
        func assumed() -> (
            players: RememoryDict<String, Player>, accounts: RememoryDict<String, Int>, score: RememoryInt<Int>,
            log: RememoryList<String>, lock: RememoryLock
        ) { fatalError() }
        var players: RememoryDict<String, Player> { assumed().players }
        var accounts: RememoryDict<String, Int> { assumed().accounts }
        var score: RememoryInt<Int> { assumed().score }
        var counter: RememoryInt<Int> { assumed().score }
        var log: RememoryList<String> { assumed().log }
        var lock: RememoryLock { assumed().lock }

        """
}

extension Document.Block {
    var isManifest: Bool { code.hasPrefix("// swift-tools-version") }
}

extension Document {
    /// All Swift of the document in one function, snippet within snippet, so that names go on and may come again.
    fileprivate func program(_ number: Int) -> Compiler.Source? {
        let snippets = blocks(in: "swift").filter { !$0.isManifest }
        guard !snippets.isEmpty else { return nil }
        var imports = ["import Foundation", "import PickleCodec", "import Rememory"]
        var body = ""
        for snippet in snippets {
            if let hidden = snippet.hidden { body += "do {\n\(hidden)\n" }
            body += "do {\n#sourceLocation(file: \"\(place.prefix { $0 != ":" })\", line: \(snippet.line))\n"
            for line in snippet.code.split(separator: "\n", omittingEmptySubsequences: false) {
                if line.hasPrefix("import ") {
                    imports.append(String(line))
                    body += "\n"
                } else {
                    body += line + "\n"
                }
            }
            body += "#sourceLocation()\n"
        }
        let scopes = snippets.reduce(0) { $0 + ($1.hidden == nil ? 1 : 2) }
        let code =
            imports.joined(separator: "\n") + "\nfunc document\(number)() async throws {\n" + body
            + String(repeating: "}\n", count: scopes + 1)
        return Compiler.Source(name: "Document\(number).swift", code: code)
    }
}
