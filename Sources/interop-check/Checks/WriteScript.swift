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
        case set(String, JSON)
        case delete(String)
        case append(JSON)
        case insert(Int, JSON)
        case remove(Int)
    }

    /// The content, in Python's order. The items of a list have no keys.
    typealias Content = [(key: String, value: JSON)]

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
            let value: JSON = [.int(number), .string(text), .int(number)]
            let change = WriteScript.change(container, content, value, &random)
            requests.append(WriteScript.request(change, name))
            WriteScript.apply(change, to: &content)
            contents.append(content)
        }
        for (place, content) in contents.enumerated() {
            places[try WriteScript.text(of: content, in: container), default: []].append(place)
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
        _ container: Container, _ content: Content, _ value: JSON, _ random: inout SeededGenerator
    ) -> Change {
        let dice = Int.random(in: 0..<10, using: &random)
        switch container {
        case .dict:
            if dice == 0, let key = content.randomElement(using: &random)?.key { return .delete(key) }
            return .set("key \(Int.random(in: 0..<8, using: &random))", value)
        case .list:
            if content.count > 12 { return .remove(Int.random(in: 0..<content.count, using: &random)) }
            if dice < 3 { return .insert(Int.random(in: 0...content.count, using: &random), value) }
            if dice == 3, !content.isEmpty { return .remove(Int.random(in: 0..<content.count, using: &random)) }
            return .append(value)
        }
    }

    private static func request(_ change: Change, _ name: String) -> Request {
        switch change {
        case .set(let key, let value): Request("dict.set", name, key: .json(.string(key)), value: .json(value))
        case .delete(let key): Request("dict.delete", name, key: .json(.string(key)))
        case .append(let value): Request("list.append", name, value: .json(value))
        case .insert(let index, let value):
            Request("list.insert", name, value: .json(value), options: ["index": .int(index)])
        case .remove(let index): Request("list.delete", name, options: ["index": .int(index)])
        }
    }

    private static func apply(_ change: Change, to content: inout Content) {
        switch change {
        case .set(let key, let value):
            if let place = content.firstIndex(where: { $0.key == key }) {
                content[place].value = value
            } else {
                content.append((key, value))
            }
        case .delete(let key): content.removeAll { $0.key == key }
        case .append(let value): content.append(("", value))
        case .insert(let index, let value): content.insert(("", value), at: index)
        case .remove(let index): content.remove(at: index)
        }
    }

    /// The content as Python's `repr` has it.
    private static func text(of content: Content, in container: Container) throws -> String {
        let items = try content.map { key, value in
            let value = try PickleValue(json: value.description)
            return container == .list ? value : .tuple([PickleValue(key), value])
        }
        return PickleValue.list(items).description
    }
}
