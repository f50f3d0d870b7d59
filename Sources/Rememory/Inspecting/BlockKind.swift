/// The types of blocks, by the names of Python's classes in lower case.
public enum BlockKind: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// ``RememoryDict``.
    case dict
    /// ``RememoryList``.
    case list
    /// ``RememoryInt``.
    case int
    /// ``RememoryFloat``.
    case float
    /// ``RememoryBool``.
    case bool
    /// ``RememoryString``.
    case string
    /// ``RememoryBlock``.
    case block

    /// The name.
    public var description: String { rawValue }

    /// Whether the content is a pickle.
    public var isPickled: Bool { self == .dict || self == .list || self == .block }
}
