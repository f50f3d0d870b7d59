/// The names that an encoding has met, each one node, as Python interns the names of attributes.
///
/// Fields come in the same order in one value after the other. So the table first guesses the name that followed the
/// last one the time before, and compares two words instead of looking the text up.
struct KeyTable: ~Copyable {
    /// A coding key as Swift spells it.
    private struct Spelling {
        let text: String
        let words: StringWords
        let name: Int
        /// The spelling that came after this one the last time.
        var next = 0
    }

    /// A name as it stands in the pickle. Two spellings can be one name.
    struct Name: BitwiseCopyable {
        let node: PickleGraph.Node
        /// The number of the dict that used the name last.
        var user = 0
    }

    private var spellings: [Spelling] = []
    private var numbers: [KeyText: Int] = [:]
    private var last = 0

    private var names = FlatBuffer<Name>(capacity: 16)
    private var nameNumbers: [KeyText: Int] = [:]
    private var currentUser = 0

    /// The name of a coding key, where it is the one that followed the last one before.
    @inline(__always)
    mutating func guess(_ spelling: String) -> Int? {
        guard last < spellings.count else { return nil }
        let next = spellings[last].next
        guard spellings[next].words == spelling.words else { return nil }
        last = next
        return spellings[next].name
    }

    /// The name of a coding key.
    ///
    /// - Parameters:
    ///   - makeName: The name for a spelling that is new.
    ///   - makeNode: The node for a name that is new.
    mutating func name(
        of spelling: String, makeName: (String) -> String, makeNode: (String) -> PickleGraph.Node
    ) -> Int {
        let bytes = KeyText(spelling)
        let number = numbers[bytes] ?? spellings.count
        if number == spellings.count {
            let name = name(makeName(spelling), makeNode: makeNode)
            spellings.append(Spelling(text: spelling, words: spelling.words, name: name))
            numbers[bytes] = number
        }
        spellings[last].next = number
        last = number
        return spellings[number].name
    }

    /// The number of a name as it stands in the pickle.
    mutating func name(_ text: String, makeNode: (String) -> PickleGraph.Node) -> Int {
        let bytes = KeyText(text)
        if let known = nameNumbers[bytes] { return known }
        nameNumbers[bytes] = names.count
        names.append(Name(node: makeNode(text)))
        return names.count - 1
    }

    /// The node of a name, by the name's number.
    func node(_ number: Int) -> PickleGraph.Node { names.checked(number).node }

    /// Replaces the names in `items` (name, value, name, value …) by their nodes.
    ///
    /// - Returns: The node of a name that stands there twice.
    @inline(__always)
    mutating func resolve(_ items: inout FlatBuffer<PickleGraph.Node>) -> PickleGraph.Node? {
        currentUser += 1
        for index in stride(from: 0, to: items.count, by: 2) {
            let number = Int(items[index].rawValue)
            let name = names.checked(number)
            guard name.user != currentUser else { return name.node }
            names[number].user = currentUser
            items[index] = name.node
        }
        return nil
    }
}
