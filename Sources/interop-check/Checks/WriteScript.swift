import PeerProtocol
import PickleCodec

/// Writes to a Dict or a List that a seed decides, and what the content is after each of them.
///
/// A process that carries it out may end at any moment: what it leaves must be one of these contents, and which one
/// follows from how many writes it had answered.
struct WriteScript {
    enum Container: String, CaseIterable {
        case dict, list

        var read: String { "\(rawValue).items" }
    }

    private enum Change {
        case set(Entry)
        case delete(String)
        case append(Entry)
        case insert(Int, Entry)
        case remove(Int)
    }

    /// The content, in Python's order.
    typealias Content = [Entry]

    /// An entry of a Dict, or an item of a List.
    struct Entry {
        let key: String
        let value: JSON
        /// As Python's `repr` has it in the reply.
        let text: String

        fileprivate init(_ key: String, _ value: JSON, in container: Container) throws {
            self.key = key
            self.value = value
            let text = try PickleValue(json: value.description).description
            self.text = container == .list ? text : "('\(key)', \(text))"
        }
    }

    let container: Container
    private(set) var requests: [Request] = []
    /// What there is after none, one, two … of the requests.
    private(set) var contents: [Content]
    private var places: [String: [Int]] = [:]

    /// - Parameters:
    ///   - start: What the container holds before the first write.
    ///   - longest: How long a value's text gets.
    init(
        _ container: Container, _ name: String, from start: Content = [], count: Int, longest: Int = 300,
        random: inout SeededGenerator
    ) throws {
        self.container = container
        contents = [start]
        for number in 0..<count {
            var content = contents[number]
            let text = String(repeating: "\(number % 10)", count: Int.random(in: 0...longest, using: &random))
            let entry = try Entry(
                "key \(Int.random(in: 0..<8, using: &random))", [.int(number), .string(text), .int(number)],
                in: container)
            let change = WriteScript.change(container, content, entry, &random)
            requests.append(WriteScript.request(change, name))
            WriteScript.apply(change, to: &content)
            contents.append(content)
        }
        for (place, content) in contents.enumerated() {
            places[WriteScript.text(of: content), default: []].append(place)
        }
    }

    /// After how many writes the content was this; nil if never.
    ///
    /// - Parameter found: A reply to `dict.items` or `list.items`.
    func places(of found: Value) throws -> [Int] {
        places[try found.decoded().description] ?? []
    }

    // MARK: What is written

    private static func change(
        _ container: Container, _ content: Content, _ entry: Entry, _ random: inout SeededGenerator
    ) -> Change {
        let dice = Int.random(in: 0..<10, using: &random)
        switch container {
        case .dict:
            if dice == 0, let key = content.randomElement(using: &random)?.key { return .delete(key) }
            return .set(entry)
        case .list:
            if content.count > 12 { return .remove(Int.random(in: 0..<content.count, using: &random)) }
            if dice < 3 { return .insert(Int.random(in: 0...content.count, using: &random), entry) }
            if dice == 3, !content.isEmpty { return .remove(Int.random(in: 0..<content.count, using: &random)) }
            return .append(entry)
        }
    }

    private static func request(_ change: Change, _ name: String) -> Request {
        switch change {
        case .set(let entry):
            Request("dict.set", name, key: .json(.string(entry.key)), value: .json(entry.value))
        case .delete(let key): Request("dict.delete", name, key: .json(.string(key)))
        case .append(let entry): Request("list.append", name, value: .json(entry.value))
        case .insert(let index, let entry):
            Request("list.insert", name, value: .json(entry.value), options: ["index": .int(index)])
        case .remove(let index): Request("list.delete", name, options: ["index": .int(index)])
        }
    }

    private static func apply(_ change: Change, to content: inout Content) {
        switch change {
        case .set(let entry):
            if let place = content.firstIndex(where: { $0.key == entry.key }) {
                content[place] = entry
            } else {
                content.append(entry)
            }
        case .delete(let key): content.removeAll { $0.key == key }
        case .append(let entry): content.append(entry)
        case .insert(let index, let entry): content.insert(entry, at: index)
        case .remove(let index): content.remove(at: index)
        }
    }

    /// The content as Python's `repr` has it.
    private static func text(of content: Content) -> String {
        "[" + content.map(\.text).joined(separator: ", ") + "]"
    }
}
