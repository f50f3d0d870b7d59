/// How a floating-point number is stored: `FloatTypes` in Python.
public enum FloatFormat: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// 4 bytes, IEEE 754 single precision.
    case float32 = "FLOAT32"
    /// 8 bytes, IEEE 754 double precision: the default.
    case float64 = "FLOAT64"

    /// Python's name of ``float32``.
    public static var FLOAT32: FloatFormat { .float32 }
    /// Python's name of ``float64``.
    public static var FLOAT64: FloatFormat { .float64 }

    /// The size in bytes.
    public var byteCount: Int {
        switch self {
        case .float32: 4
        case .float64: 8
        }
    }

    /// Python's name of the format.
    public var description: String { rawValue }
}

/// Python's name of ``FloatFormat``.
public typealias FloatTypes = FloatFormat
