/// What an instruction takes from the stack and puts there, as `pickletools.opcodes` says.
struct StackEffect {
    /// How many values it takes, those above the mark not counted.
    var taken: Int
    /// Whether it takes everything down to the topmost mark, and the mark.
    var takesMark = false
    var given: Int
}

extension PickleOpcode {
    var stackEffect: StackEffect {
        switch self {
        case .proto, .frame, .put, .binPut, .longBinPut: StackEffect(taken: 0, given: 0)
        case .stop, .pop: StackEffect(taken: 1, given: 0)
        case .append, .build, .reduce, .newObject, .stackGlobal, .tuple2: StackEffect(taken: 2, given: 1)
        case .setItem, .newObjectWithKeywords, .tuple3: StackEffect(taken: 3, given: 1)
        case .tuple1, .binPersistentID, .memoize, .readonlyBuffer: StackEffect(taken: 1, given: 1)
        case .duplicate: StackEffect(taken: 1, given: 2)
        case .appends, .setItems, .addItems: StackEffect(taken: 1, takesMark: true, given: 1)
        case .list, .dict, .tuple, .frozenSet, .instance, .object: StackEffect(taken: 0, takesMark: true, given: 1)
        case .popMark: StackEffect(taken: 0, takesMark: true, given: 0)
        case .mark, .float, .int, .long, .none, .persistentID, .string, .unicode, .global, .get, .emptyTuple, .binFloat,
            .binInt, .binInt1, .binInt2, .binString, .shortBinString, .binUnicode, .emptyList, .binGet, .longBinGet,
            .emptyDict, .extension1, .extension2, .extension4, .newTrue, .newFalse, .long1, .long4, .binBytes,
            .shortBinBytes, .shortBinUnicode, .binUnicode8, .binBytes8, .emptySet, .byteArray8, .nextBuffer:
            StackEffect(taken: 0, given: 1)
        }
    }

    /// The protocol that brought the instruction.
    var protocolVersion: Int {
        switch self {
        case .mark, .stop, .pop, .duplicate, .float, .int, .long, .none, .persistentID, .reduce, .string, .unicode,
            .append, .build, .global, .dict, .get, .instance, .list, .put, .setItem, .tuple:
            0
        case .emptyTuple, .popMark, .binFloat, .binInt, .binInt1, .binInt2, .binPersistentID, .binString,
            .shortBinString, .binUnicode, .emptyList, .appends, .binGet, .longBinGet, .object, .binPut, .longBinPut,
            .setItems, .emptyDict:
            1
        case .proto, .newObject, .extension1, .extension2, .extension4, .tuple1, .tuple2, .tuple3, .newTrue,
            .newFalse, .long1, .long4:
            2
        case .binBytes, .shortBinBytes: 3
        case .shortBinUnicode, .binUnicode8, .binBytes8, .emptySet, .addItems, .frozenSet, .newObjectWithKeywords,
            .stackGlobal, .memoize, .frame:
            4
        case .byteArray8, .nextBuffer, .readonlyBuffer: 5
        }
    }
}
