extension PickleGraph {
    /// What a node is.
    public enum Kind: UInt8, Sendable, CaseIterable, BitwiseCopyable {
        /// `None`.
        case none
        /// `False`.
        case `false`
        /// `True`.
        case `true`
        /// An `int` of any size.
        case integer
        /// A `float`.
        case float
        /// A `str`; its UTF-8 may hold lone surrogates, as Python's `surrogatepass` writes them.
        case string
        /// A `bytes` object.
        case bytes
        /// A `bytearray` that protocol 5 wrote as such. Protocol 4 calls `builtins.bytearray`, which is a ``reduce``.
        case byteArray
        /// A `str` of Python 2, whose encoding the pickle does not say.
        case python2String
        /// A `tuple`. Children: its items.
        case tuple
        /// A `list`. Children: its items.
        case list
        /// A `dict`. Children: keys and values, one after the other.
        case dict
        /// A `set`. Children: its members.
        case set
        /// A `frozenset`. Children: its members.
        case frozenSet
        /// A class or function by name. Children: module, qualified name.
        case global
        /// What a code of `copyreg`'s registry stands for. Child: the code.
        case `extension`
        /// What only the program that wrote it knows, by an id. Child: the id.
        case persistentID
        /// An out-of-band buffer. Child: its number in the order in which they are given, from 0.
        case buffer
        /// A read-only view of a buffer. Child: the buffer.
        case readOnlyBuffer
        /// `callable(*args)`. Children: callable, args.
        case reduce
        /// `cls.__new__(cls, *args)`. Children: class, args.
        case newObject
        /// `cls.__new__(cls, *args, **kwargs)`. Children: class, args, kwargs.
        case newObjectWithKeywords
        /// `cls(*args)` by the opcodes INST and OBJ. Children: class, then each argument.
        case instance

        /// Whether later operations (items, state) can follow the construction.
        ///
        /// - Complexity: O(1).
        public var isObject: Bool {
            switch self {
            case .reduce, .newObject, .newObjectWithKeywords, .instance, .persistentID, .extension, .global, .buffer,
                .readOnlyBuffer:
                true
            default: false
            }
        }
    }

    /// What an unpickler does to an object after it was constructed.
    public enum Operation: UInt32, Sendable {
        /// `append` or `extend` with the nodes.
        case append
        /// `obj[key] = value` for each pair of nodes.
        case setItems
        /// `add` or `update` with the nodes.
        case addItems
        /// `__setstate__`, or an update of `__dict__`, with the one node.
        case build
    }
}

extension PickleGraph.Kind {
    /// Whether the record holds the position of an instruction.
    var isLeaf: Bool {
        switch self {
        case .integer, .float, .string, .bytes, .byteArray, .python2String: true
        default: false
        }
    }

    /// The kind as messages name it.
    var inWords: String {
        switch self {
        case .none: "None"
        case .false, .true: "a bool"
        case .integer: "an int"
        case .float: "a float"
        case .string: "a str"
        case .bytes: "bytes"
        case .byteArray: "a bytearray"
        case .python2String: "a str of Python 2"
        case .tuple: "a tuple"
        case .list: "a list"
        case .dict: "a dict"
        case .set: "a set"
        case .frozenSet: "a frozenset"
        case .global: "a class or function"
        case .extension: "an object by extension code"
        case .persistentID: "an object by persistent id"
        case .buffer, .readOnlyBuffer: "an out-of-band buffer"
        case .reduce, .newObject, .newObjectWithKeywords, .instance: "an object"
        }
    }
}
