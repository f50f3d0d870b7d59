/// The instructions of the pickle machine, protocols 0 to 5, as `pickletools.opcodes` lists them.
package enum PickleOpcode: UInt8, Sendable, CaseIterable {
    // Protocol 0
    case mark = 0x28
    case stop = 0x2e
    case pop = 0x30
    case duplicate = 0x32
    case float = 0x46
    case int = 0x49
    case long = 0x4c
    case none = 0x4e
    case persistentID = 0x50
    case reduce = 0x52
    case string = 0x53
    case unicode = 0x56
    case append = 0x61
    case build = 0x62
    case global = 0x63
    case dict = 0x64
    case get = 0x67
    case instance = 0x69
    case list = 0x6c
    case put = 0x70
    case setItem = 0x73
    case tuple = 0x74

    // Protocol 1
    case emptyTuple = 0x29
    case popMark = 0x31
    case binFloat = 0x47
    case binInt = 0x4a
    case binInt1 = 0x4b
    case binInt2 = 0x4d
    case binPersistentID = 0x51
    case binString = 0x54
    case shortBinString = 0x55
    case binUnicode = 0x58
    case emptyList = 0x5d
    case appends = 0x65
    case binGet = 0x68
    case longBinGet = 0x6a
    case object = 0x6f
    case binPut = 0x71
    case longBinPut = 0x72
    case setItems = 0x75
    case emptyDict = 0x7d

    // Protocol 2
    case proto = 0x80
    case newObject = 0x81
    case extension1 = 0x82
    case extension2 = 0x83
    case extension4 = 0x84
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case newTrue = 0x88
    case newFalse = 0x89
    case long1 = 0x8a
    case long4 = 0x8b

    // Protocol 3
    case binBytes = 0x42
    case shortBinBytes = 0x43

    // Protocol 4
    case shortBinUnicode = 0x8c
    case binUnicode8 = 0x8d
    case binBytes8 = 0x8e
    case emptySet = 0x8f
    case addItems = 0x90
    case frozenSet = 0x91
    case newObjectWithKeywords = 0x92
    case stackGlobal = 0x93
    case memoize = 0x94
    case frame = 0x95

    // Protocol 5
    case byteArray8 = 0x96
    case nextBuffer = 0x97
    case readonlyBuffer = 0x98
}

extension PickleOpcode {
    /// What follows the opcode in the bytes.
    package enum Operand: Sendable, Hashable {
        case none
        /// So many bytes.
        case fixed(Int)
        /// A length of 1, 4 or 8 bytes, little-endian, and as many bytes.
        case counted1, counted4, counted8
        /// Text up to a newline, once or twice.
        case line, twoLines
    }

    /// What follows the opcode.
    package var operand: Operand {
        switch self {
        case .mark, .stop, .pop, .duplicate, .none, .reduce, .append, .build, .dict, .list, .setItem,
            .tuple, .emptyTuple, .popMark, .binPersistentID, .emptyList, .appends, .object, .setItems,
            .emptyDict, .newObject, .tuple1, .tuple2, .tuple3, .newTrue, .newFalse, .emptySet, .addItems,
            .frozenSet, .newObjectWithKeywords, .stackGlobal, .memoize, .nextBuffer, .readonlyBuffer:
            .none
        case .float, .int, .long, .persistentID, .string, .unicode, .get, .put:
            .line
        case .global, .instance:
            .twoLines
        case .binFloat, .frame:
            .fixed(8)
        case .binInt, .longBinGet, .longBinPut, .extension4:
            .fixed(4)
        case .binInt1, .binGet, .binPut, .proto, .extension1:
            .fixed(1)
        case .binInt2, .extension2:
            .fixed(2)
        case .binString, .binUnicode, .long4, .binBytes:
            .counted4
        case .shortBinString, .long1, .shortBinBytes, .shortBinUnicode:
            .counted1
        case .binUnicode8, .binBytes8, .byteArray8:
            .counted8
        }
    }

    /// The name that Python's documentation uses, such as `SHORT_BINUNICODE`.
    package var name: String {
        switch self {
        case .mark: "MARK"
        case .stop: "STOP"
        case .pop: "POP"
        case .duplicate: "DUP"
        case .float: "FLOAT"
        case .int: "INT"
        case .long: "LONG"
        case .none: "NONE"
        case .persistentID: "PERSID"
        case .reduce: "REDUCE"
        case .string: "STRING"
        case .unicode: "UNICODE"
        case .append: "APPEND"
        case .build: "BUILD"
        case .global: "GLOBAL"
        case .dict: "DICT"
        case .get: "GET"
        case .instance: "INST"
        case .list: "LIST"
        case .put: "PUT"
        case .setItem: "SETITEM"
        case .tuple: "TUPLE"
        case .emptyTuple: "EMPTY_TUPLE"
        case .popMark: "POP_MARK"
        case .binFloat: "BINFLOAT"
        case .binInt: "BININT"
        case .binInt1: "BININT1"
        case .binInt2: "BININT2"
        case .binPersistentID: "BINPERSID"
        case .binString: "BINSTRING"
        case .shortBinString: "SHORT_BINSTRING"
        case .binUnicode: "BINUNICODE"
        case .emptyList: "EMPTY_LIST"
        case .appends: "APPENDS"
        case .binGet: "BINGET"
        case .longBinGet: "LONG_BINGET"
        case .object: "OBJ"
        case .binPut: "BINPUT"
        case .longBinPut: "LONG_BINPUT"
        case .setItems: "SETITEMS"
        case .emptyDict: "EMPTY_DICT"
        case .proto: "PROTO"
        case .newObject: "NEWOBJ"
        case .extension1: "EXT1"
        case .extension2: "EXT2"
        case .extension4: "EXT4"
        case .tuple1: "TUPLE1"
        case .tuple2: "TUPLE2"
        case .tuple3: "TUPLE3"
        case .newTrue: "NEWTRUE"
        case .newFalse: "NEWFALSE"
        case .long1: "LONG1"
        case .long4: "LONG4"
        case .binBytes: "BINBYTES"
        case .shortBinBytes: "SHORT_BINBYTES"
        case .shortBinUnicode: "SHORT_BINUNICODE"
        case .binUnicode8: "BINUNICODE8"
        case .binBytes8: "BINBYTES8"
        case .emptySet: "EMPTY_SET"
        case .addItems: "ADDITEMS"
        case .frozenSet: "FROZENSET"
        case .newObjectWithKeywords: "NEWOBJ_EX"
        case .stackGlobal: "STACK_GLOBAL"
        case .memoize: "MEMOIZE"
        case .frame: "FRAME"
        case .byteArray8: "BYTEARRAY8"
        case .nextBuffer: "NEXT_BUFFER"
        case .readonlyBuffer: "READONLY_BUFFER"
        }
    }
}

extension PickleOpcode {
    /// The opcode of each byte, for the inner loop: one load instead of a call.
    nonisolated(unsafe) static let table: UnsafePointer<PickleOpcode?> = {
        let table = UnsafeMutablePointer<PickleOpcode?>.allocate(capacity: 256)
        for byte in 0..<256 { unsafe (table + byte).initialize(to: PickleOpcode(rawValue: UInt8(byte))) }
        return unsafe UnsafePointer(table)
    }()
}
