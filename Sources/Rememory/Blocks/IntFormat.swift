/// How an integer is stored: `IntTypes` in Python. The format isn't stored anywhere; every opener has to know it.
public enum IntFormat: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// 1 byte with a sign.
    case int8 = "INT8"
    /// 1 byte.
    case uint8 = "UINT8"
    /// 2 bytes with a sign.
    case int16 = "INT16"
    /// 2 bytes.
    case uint16 = "UINT16"
    /// 4 bytes with a sign.
    case int32 = "INT32"
    /// 4 bytes.
    case uint32 = "UINT32"
    /// 8 bytes with a sign: Python's default, and Swift's `Int`.
    case int64 = "INT64"
    /// 8 bytes.
    case uint64 = "UINT64"

    /// Python's name of ``int8``.
    public static var INT8: IntFormat { .int8 }
    /// Python's name of ``uint8``.
    public static var UINT8: IntFormat { .uint8 }
    /// Python's name of ``int16``.
    public static var INT16: IntFormat { .int16 }
    /// Python's name of ``uint16``.
    public static var UINT16: IntFormat { .uint16 }
    /// Python's name of ``int32``.
    public static var INT32: IntFormat { .int32 }
    /// Python's name of ``uint32``.
    public static var UINT32: IntFormat { .uint32 }
    /// Python's name of ``int64``.
    public static var INT64: IntFormat { .int64 }
    /// Python's name of ``uint64``.
    public static var UINT64: IntFormat { .uint64 }

    /// The format that holds exactly the values of a Swift type; `nil` for types of more than 8 bytes.
    public init?<Value: FixedWidthInteger>(of type: Value.Type) {
        switch (Value.bitWidth, Value.isSigned) {
        case (8, true): self = .int8
        case (8, false): self = .uint8
        case (16, true): self = .int16
        case (16, false): self = .uint16
        case (32, true): self = .int32
        case (32, false): self = .uint32
        case (64, true): self = .int64
        case (64, false): self = .uint64
        default: return nil
        }
    }

    /// The size in bytes.
    public var byteCount: Int {
        switch self {
        case .int8, .uint8: 1
        case .int16, .uint16: 2
        case .int32, .uint32: 4
        case .int64, .uint64: 8
        }
    }

    /// The values that it can hold.
    public var range: ClosedRange<Int128> {
        switch self {
        case .int8: Int128(Int8.min)...Int128(Int8.max)
        case .uint8: 0...Int128(UInt8.max)
        case .int16: Int128(Int16.min)...Int128(Int16.max)
        case .uint16: 0...Int128(UInt16.max)
        case .int32: Int128(Int32.min)...Int128(Int32.max)
        case .uint32: 0...Int128(UInt32.max)
        case .int64: Int128(Int64.min)...Int128(Int64.max)
        case .uint64: 0...Int128(UInt64.max)
        }
    }

    /// Python's name of the format.
    public var description: String { rawValue }
}

/// Python's name of ``IntFormat``.
public typealias IntTypes = IntFormat
