// What is known of a generic type at run time, without asking the runtime for a conversion.

/// The value as what it is: of type `U`.
///
/// - Precondition: `T` and `U` are one type.
@inline(__always)
func cast<T, U>(_ value: T, to type: U.Type) -> U {
    precondition(T.self == U.self, "a type was taken for another one")
    return unsafe unsafeBitCast(value, to: U.self)
}

/// The value, where its type is exactly `U`: what `as? U` gives, at the cost of one comparison of types.
@inline(__always)
func exactly<T, U>(_ value: T, _ type: U.Type) -> U? {
    guard T.self == U.self else { return nil }
    return unsafe unsafeBitCast(value, to: U.self)
}
